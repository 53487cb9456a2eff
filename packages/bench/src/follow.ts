// Following events of an emulator: events per second, compared with a loop over the official SDK, and memory.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Events } from "@effect-workos/client/Events"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import { WorkOS } from "@workos-inc/node"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as Heap from "./Heap.ts"
import * as Measure from "./Measure.ts"

// These connections have about 89,000 events.
const connections = 100_000
const inTurn = 20_000
const long = 80_000
const parts = 5

// All event types of the emulator, because the SDK requires a list of types.
const names = [
  "connection.activated",
  "connection.deactivated",
  "connection.deleted",
  "organization.created",
  "organization.updated",
  "organization_domain.created",
  "organization_domain.updated",
  "organization_domain.verified",
  "organization_domain.verification_failed"
] as const

export const follow = async (rounds: Parameters<typeof Measure.inTurn>[1]): Promise<string> => {
  const server = fork(fileURLToPath(new URL("emulator-server.ts", import.meta.url)), [String(connections)])
  const [address]: ReadonlyArray<unknown> = await once(server, "message")
  const baseUrl = new URL(String(address))
  const runtime = ManagedRuntime.make(
    Events.layer.pipe(
      Layer.provide(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, baseUrl, rateLimit: "unlimited" })),
      Layer.provide(NodeHttpClient.layerUndici)
    )
  )
  const follow = (events: number, onEvent: (number: number) => void = () => {}): Promise<void> => {
    let number = 0
    return runtime.runPromise(
      Events.use(({ follow }) =>
        follow({ since: DateTime.makeUnsafe(0), events: names }).pipe(
          Stream.take(events),
          Stream.runForEach(() => Effect.sync(() => onEvent(++number)))
        )
      )
    )
  }

  const workos = new WorkOS(Redacted.value(Emulator.defaultApiKey), {
    apiHostname: baseUrl.hostname,
    port: Number(baseUrl.port),
    https: false
  })
  const loop = async (events: number): Promise<void> => {
    let after: string | undefined
    for (let seen = 0; seen < events;) {
      const { data } = await workos.events.listEvents({
        limit: 100,
        order: "asc",
        events: [...names],
        ...(after === undefined ? {} : { after })
      })
      seen += data.length
      after = data.at(-1)?.id
    }
  }

  const results = await Measure.inTurn(
    [
      {
        name: "`events.listEvents` of `@workos-inc/node` 11.0.0, in a loop",
        run: () => loop(inTurn).then(() => inTurn)
      },
      { name: "`events.follow`", run: () => follow(inTurn).then(() => inTurn) }
    ],
    rounds
  )

  const heaps: Array<number> = []
  await follow(long, (number) => {
    if (number % (long / parts) === 0) heaps.push(Heap.held().heap)
  })
  await runtime.dispose()
  server.disconnect()

  const [first, last] = [heaps[0], heaps.at(-1)]
  if (first === undefined || last === undefined) throw new Error("The measurement has no results.")
  if (last > first * 1.1 + 1) throw new Error(`The heap has grown from ${first} to ${last} MB.`)

  return [
    Measure.table(
      ["an event", "CPU", "ratio", "events per second", "ratio"],
      results.map(({ cpu, name, ratio, wall, wallRatio }) => [
        name,
        `${cpu.toFixed(1)} µs`,
        ratio.toFixed(2),
        Math.round(1 / wall).toLocaleString("en-US"),
        (1 / wallRatio).toFixed(2)
      ])
    ),
    Measure.table(
      ["`events.follow`", ...heaps.map((_, part) => `${(((part + 1) * long) / parts).toLocaleString("en-US")} events`)],
      [["heap", ...heaps.map((heap) => `${heap.toFixed(1)} MB`)]]
    )
  ].join("\n")
}
