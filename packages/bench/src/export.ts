// Wall time of a whole export from a server with latency, with a rate limit, and with neither, compared with the official
// SDK and a bare loop.
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { RateLimitOptions } from "@effect-workos/client/WorkOsConfig"
import * as ExportFile from "@effect-workos/export/ExportFile"
import * as Format from "@effect-workos/export/Format"
import * as Exportable from "@effect-workos/export/Exportable"
import { WorkOS } from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { rmSync } from "node:fs"
import { Agent } from "undici"
import * as BareLoop from "./BareLoop.ts"
import * as Client from "./Client.ts"
import * as Folder from "./Folder.ts"
import * as ListServer from "./ListServer.ts"
import * as Measure from "./Measure.ts"

const latency = 50
const rows = 20_000
/** The official SDK waits 350 ms after each page, so only a tenth of its pages is measured. */
const sdkRows = rows / 10
/** With the limit of WorkOS, reading this number of rows takes more than a minute. */
const manyRows = 650_000
/** The limit that WorkOS documents. */
const limit = { requests: 6_000, window: 60_000 }

type RateLimit = RateLimitOptions | "unlimited" | undefined

// Exports as in a program: one client, and one export after the other.
const exporter = (url: URL, rateLimit: RateLimit) => {
  const runtime = ManagedRuntime.make(Layer.provideMerge(Client.layer(url, rateLimit), NodeServices.layer))
  const write = (file: string, concurrency?: number) =>
    runtime.runPromise(
      Effect.map(
        ExportFile.write(Exportable.connections, file, {
          format: Format.make("ndjson"),
          fingerprint: { target: url.href },
          resume: false,
          concurrency
        }),
        ({ rows }) => rows
      )
    )
  return {
    /** The first export to a file, without an index. */
    first: (file: string) => {
      rmSync(`${file}.index`, { force: true })
      return write(file)
    },
    /** Another export to the same file, with the index of the previous one. */
    again: write,
    dispose: () => runtime.dispose()
  }
}

// -----------------------------------------------------------------------------
// With latency
// -----------------------------------------------------------------------------

const withLatency = (counted: number): Promise<string> =>
  Folder.temporary(async (file) => {
    const server = await ListServer.start({ rows, latency, limit })
    const sdkServer = await ListServer.start({ rows: sdkRows, latency, limit })
    const agent = new Agent()
    const sdk = new WorkOS(Client.key, { apiHostname: "127.0.0.1", port: Number(sdkServer.url.port), https: false })
    const limited = exporter(server.url, undefined)
    const unlimited = exporter(server.url, "unlimited")
    await unlimited.first(file("limited"))
    await unlimited.first(file("unlimited"))

    const requests = new Map<string, number>()
    const candidate = (name: string, of: ListServer.Server, expected: number, run: () => Promise<number>) => ({
      name,
      run: async () => {
        await of.counts()
        const pages = ListServer.pagesOf(await run(), expected)
        const { responses, refused } = await of.counts()
        if (refused > 0) throw new Error(`${name}: ${refused} requests were refused.`)
        requests.set(name, responses)
        return pages
      }
    })
    const ours = (name: string, run: () => Promise<number>) => candidate(name, server, rows, run)
    const sdkName = `\`autoPagination()\` of the official SDK, ${sdkRows.toLocaleString("en-US")} rows, times ten`
    const results = await Measure.inTurn(
      [
        candidate(sdkName, sdkServer, sdkRows, async () => {
          const all = await (await sdk.sso.listConnections()).autoPagination()
          return all.length
        }),
        ours("bare loop: one page after the other, appended to a file", () =>
          BareLoop.toFile(server.url, Client.key, agent, file("bare"))
        ),
        ours("first export, from two ends", () => limited.first(file("first"))),
        ours("first export, no rate limit", () => unlimited.first(file("first-unlimited"))),
        ours("second export, with the index of the first", () => limited.again(file("limited"))),
        ours("second export, no rate limit", () => unlimited.again(file("unlimited"))),
        ours("second export, no rate limit, 32 concurrent requests", () => unlimited.again(file("unlimited"), 32))
      ],
      { warmUp: 1, counted }
    )

    await limited.dispose()
    await unlimited.dispose()
    await agent.close()
    server.close()
    sdkServer.close()
    const loop = results[1]
    return Measure.table(
      [
        `${rows.toLocaleString("en-US")} rows, latency of ${latency} ms`,
        "requests",
        "wall time",
        "speed relative to the SDK",
        "speed relative to the bare loop"
      ],
      results.map(({ name, wall, wallRatio }) => [
        name,
        String((requests.get(name) ?? 0) * (name === sdkName ? 10 : 1)),
        `${(wall * (rows / 100)).toFixed(2)} s`,
        (1 / wallRatio).toFixed(1),
        ((loop?.wallRatio ?? NaN) / wallRatio).toFixed(2)
      ])
    )
  })

// -----------------------------------------------------------------------------
// At the rate limit
// -----------------------------------------------------------------------------

const atTheLimit = (): Promise<string> =>
  Folder.temporary(async (file) => {
    const near = await ListServer.start({ rows: manyRows })
    const first = exporter(near.url, "unlimited")
    ListServer.pagesOf(await first.first(file("rows")), manyRows)
    await first.dispose()
    near.close()

    const server = await ListServer.start({ rows: manyRows, latency, limit })
    const second = exporter(server.url, undefined)
    const began = performance.now()
    ListServer.pagesOf(await second.again(file("rows")), manyRows)
    const seconds = (performance.now() - began) / 1000
    const { responses, most, refused } = await server.counts()
    await second.dispose()
    server.close()
    return Measure.table(
      [
        `second export of ${manyRows.toLocaleString("en-US")} rows, latency of ${latency} ms`,
        "requests",
        "wall time",
        "requests in 60 s, average",
        "requests in 60 s, maximum",
        "share of 6,000",
        "refused"
      ],
      [
        [
          "with the defaults of the client",
          responses.toLocaleString("en-US"),
          `${seconds.toFixed(1)} s`,
          ((responses / seconds) * 60).toFixed(0),
          String(most),
          `${((responses / seconds / (limit.requests / 60)) * 100).toFixed(1)} %`,
          String(refused)
        ]
      ]
    )
  })

// -----------------------------------------------------------------------------
// Without latency
// -----------------------------------------------------------------------------

const withoutLatency = (rounds: { readonly warmUp: number; readonly counted: number }): Promise<string> =>
  Folder.temporary(async (file) => {
    const server = await ListServer.start({ rows })
    const agent = new Agent()
    const unlimited = exporter(server.url, "unlimited")
    const results = await Measure.inTurn(
      [
        {
          name: "bare loop that appends each row to a file",
          run: async () => ListServer.pagesOf(await BareLoop.toFile(server.url, Client.key, agent, file("bare")), rows)
        },
        {
          name: "first export, from two ends, with its checkpoints",
          run: async () => ListServer.pagesOf(await unlimited.first(file("first")), rows)
        },
        {
          name: "second export, with the index of the first",
          run: async () => ListServer.pagesOf(await unlimited.again(file("again")), rows)
        }
      ],
      rounds
    )
    await unlimited.dispose()
    await agent.close()
    server.close()
    return Measure.table(
      [
        `${rows.toLocaleString("en-US")} rows to NDJSON, no latency`,
        "rows per second",
        "speed relative to the bare loop",
        "CPU per page"
      ],
      results.map(({ cpu, name, wall, wallRatio }) => [
        name,
        Number((100 / wall).toPrecision(3)).toLocaleString("en-US"),
        (1 / wallRatio).toFixed(2),
        `${cpu.toFixed(0)} µs`
      ])
    )
  })

/**
 * Measures exports, and returns the tables of the section "Bulk export".
 */
export const bulkExport = async (): Promise<string> =>
  [await withLatency(3), await atTheLimit(), await withoutLatency({ warmUp: 5, counted: 15 })].join("\n")
