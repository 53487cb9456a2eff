// CPU time of a call: `connections.get` with all defaults, the official SDK's `getConnection`, and bare requests.
import { Connections } from "@effect-workos/client/Connections"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Agent, request } from "undici"
import * as Client from "./Client.ts"
import * as ListServer from "./ListServer.ts"
import * as Measure from "./Measure.ts"
import * as OfficialSdk from "./OfficialSdk.ts"

const id = "conn_01000000000000000000000007"

const names = {
  bare: "bare `undici` and `JSON.parse`",
  effectHttp: "Effect's `HttpClient` over undici and `JSON.parse`",
  sdk: "`sso.getConnection` of `@workos-inc/node`",
  get: "`connections.get`: retries, limits, deadlines, span, metrics, typed"
}

/**
 * Sends `calls` requests with `concurrency` promises.
 */
const inParallel = async (calls: number, concurrency: number, call: () => Promise<unknown>): Promise<number> => {
  let left = calls
  const worker = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return calls
}

const inFibers = <E, R>(calls: number, concurrency: number, call: Effect.Effect<unknown, E, R>) =>
  Effect.gen(function* () {
    let left = calls
    const worker = Effect.whileLoop({ while: () => left-- > 0, body: () => call, step: () => {} })
    yield* Effect.all(
      Array.from({ length: concurrency }, () => worker),
      { concurrency: "unbounded", discard: true }
    )
    return calls
  })

export const call = async (rounds: Measure.Rounds): Promise<Measure.Report> => {
  const server = await ListServer.start({ rows: 100 })
  const agent = new Agent({ connections: 100 })
  const runtime = ManagedRuntime.make(Client.layer(server.url, Client.plenty))
  const url = `${server.url.origin}/connections/${id}`
  const headers = { authorization: `Bearer ${Client.key}` }
  const workos = OfficialSdk.make(server.url)

  const bare = async () => {
    const response = await request(url, { headers, dispatcher: agent })
    JSON.parse(await response.body.text())
  }
  // Effect's HTTP client over undici without this library: the minimum of an Effect program.
  const effectHttp = Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const response = yield* client.get(url, { headers })
    JSON.parse(yield* response.text)
  }).pipe(Effect.provideService(HttpClient.TracerDisabledWhen, constTrue))
  const get = Connections.use((connections) => connections.get(id))

  const candidates = (calls: number, concurrency: number): ReadonlyArray<Measure.Candidate> => [
    { name: names.bare, run: () => inParallel(calls, concurrency, bare) },
    { name: names.effectHttp, run: () => runtime.runPromise(inFibers(calls, concurrency, effectHttp)) },
    { name: names.sdk, run: () => inParallel(calls, concurrency, () => workos.sso.getConnection(id)) },
    { name: names.get, run: () => runtime.runPromise(inFibers(calls, concurrency, get)) }
  ]

  const one = await Measure.inTurn(candidates(2_000, 1), rounds)
  const twenty = await Measure.inTurn(candidates(4_000, 20), rounds)
  const thousand = await Measure.inTurn(candidates(1_000, 1_000), rounds)
  await runtime.dispose()
  await agent.close()
  server.close()

  const baselines = { "to bare": names.bare, "to the SDK": names.sdk }
  const target = (metric: string, results: ReadonlyArray<Measure.Result>): Measure.Target => ({
    metric: `CPU of \`connections.get\` relative to the SDK, ${metric}`,
    now: Measure.cpuRatio(results, names.get, names.sdk).toFixed(2),
    target: "≤ 0.85"
  })
  return {
    tables: [
      Measure.comparison("a call, sequential", one, baselines),
      Measure.comparison("a call, 20 concurrent", twenty, baselines),
      Measure.table(
        ["1,000 concurrent calls", "wall time", "ratio", "CPU, ratio"],
        thousand.map(({ name, ratio, wall, wallRatio }) => [
          name,
          `${(wall * 1_000_000).toFixed(0)} ms`,
          wallRatio.toFixed(2),
          ratio.toFixed(2)
        ])
      )
    ],
    targets: [target("sequential", one), target("20 concurrent", twenty)]
  }
}
