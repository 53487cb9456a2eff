// Measures a standard run of the contract suite against an emulator that responds in 5 ms, in a separate process,
// compared with a bare client that sends the same requests.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Contract from "@effect-workos/contract-engine/Contract"
import { familyOf } from "@effect-workos/contract-engine/Law"
import type { Report } from "@effect-workos/contract-engine/Report"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Agent, request } from "undici"
import * as Measure from "./Measure.ts"

const key = "sk_test_bench"
const bin = fileURLToPath(new URL("../../cli/src/bin.ts", import.meta.url))
const workers = 8
const operations = ["connections", "organizations", "events"]

const emulator = async () => {
  const child = spawn(
    process.execPath,
    [bin, "emulate", "--port", "0", "--connections", "500", "--latency", "5", "--api-key", key],
    {
      stdio: ["ignore", "pipe", "inherit"]
    }
  )
  const [line]: ReadonlyArray<unknown> = await once(createInterface({ input: child.stdout }), "line")
  const url = /WORKOS_BASE_URL=(\S+)/.exec(String(line))?.[1] ?? ""
  return { url, close: () => child.kill() }
}

interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

const timed = async (run: () => Promise<unknown>) => {
  const before = performance.now()
  const cpu = process.cpuUsage()
  await run()
  const { system, user } = process.cpuUsage(cpu)
  return { wall: (performance.now() - before) / 1000, cpu: (user + system) / 1e6 }
}

export const contract = async (counted: number): Promise<string> => {
  const server = await emulator()
  const agent = new Agent({ connections: workers })
  let sent: Array<Sent> = []
  const recording = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (client) =>
      HttpClient.tapRequest(client, ({ headers, url }) =>
        Effect.sync(() => void sent.push({ url, headers: { ...headers } }))
      )
    )
  )
  const target = WorkOs.layerTarget({
    baseUrl: server.url,
    apiKey: Redacted.make(key)
  }).pipe(Layer.provide(recording), Layer.provide(NodeHttpClient.layerUndici))

  const suite = () => Effect.runPromise(Effect.provide(Contract.verify(WorkOs.suite, { operations, workers }), target))
  const bare = async () => {
    const left = sent.values()
    await Promise.all(
      Array.from({ length: workers }, async () => {
        for (const { headers, url } of left) await (await request(url, { headers, dispatcher: agent })).body.text()
      })
    )
  }

  const walls: Array<number> = []
  const wallRatios: Array<number> = []
  const cpuRatios: Array<number> = []
  let report: Report | undefined
  for (let round = 0; round < counted + 1; round++) {
    sent = []
    const checked = await timed(async () => (report = await suite()))
    const loop = await timed(bare)
    if (round === 0) continue
    walls.push(checked.wall)
    wallRatios.push(checked.wall / loop.wall)
    cpuRatios.push(checked.cpu / loop.cpu)
  }
  await agent.close()
  server.close()
  if (report === undefined || report.summary.failed > 0) throw new Error("The emulator does not pass the suite.")

  const families = new Map<string, { laws: Set<string>; runs: number; responses: number }>()
  for (const { law, requests, runs, status } of report.results) {
    if (status === "skipped") continue
    const family = families.get(familyOf(law)) ?? { laws: new Set(), runs: 0, responses: 0 }
    family.laws.add(law)
    family.runs += runs
    family.responses += requests
    families.set(familyOf(law), family)
  }
  const checks = report.results.filter(({ status }) => status !== "skipped").length
  return [
    Measure.table(
      [
        "read-only checks of connections, organizations and events",
        "wall time",
        "wall time relative to the bare loop",
        "CPU relative to the bare loop"
      ],
      [
        [
          `${checks} checks, ${report.requests.toLocaleString("en-US")} requests`,
          `${Measure.median(walls).toFixed(1)} s`,
          Measure.median(wallRatios).toFixed(2),
          Measure.median(cpuRatios).toFixed(2)
        ]
      ]
    ),
    Measure.table(
      ["family", "laws", "cases", "responses checked"],
      [...families].map(([family, { responses, laws, runs }]) => [
        family,
        String(laws.size),
        runs.toLocaleString("en-US"),
        responses.toLocaleString("en-US")
      ])
    ),
    Measure.table(
      ["law", "operation", "cases", "responses checked"],
      report.results
        .filter(({ status }) => status !== "skipped")
        .map(({ law, operation, requests, runs }) => [law, operation, String(runs), String(requests)])
    )
  ].join("\n")
}
