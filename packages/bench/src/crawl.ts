// CPU time of reading a list of 20,000 rows in pages of 100: this library, the official SDK, and a bare loop.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Connections } from "@effect-workos/client/Connections"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Export from "@effect-workos/export/Export"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { Agent } from "undici"
import * as BareLoop from "./BareLoop.ts"
import * as Client from "./Client.ts"
import * as Folder from "./Folder.ts"
import * as ListServer from "./ListServer.ts"
import * as Measure from "./Measure.ts"
import * as OfficialSdk from "./OfficialSdk.ts"

const names = {
  bare: "bare loop: `undici` and `JSON.parse`, nothing validated",
  effectHttp: "Effect's `HttpClient` over undici and `JSON.parse`, nothing validated",
  sdk: "`sso.listConnections` of `@workos-inc/node`: camelCase, nothing validated",
  encoded: "`connections.list.encoded.pages`: wire form, every row validated",
  pages: "`connections.pages`: typed, camelCase, dates, brands",
  stream: "`connections.stream`: the same, row by row"
}

const rows = 20_000

export const crawl = (rounds: Measure.Rounds): Promise<Measure.Report> =>
  Folder.temporary(async (fileOf) => {
    const server = await ListServer.start({ rows })
    const file = fileOf("rows.ndjson")
    const agent = new Agent()
    const runtime = ManagedRuntime.make(Layer.provideMerge(Client.layer(server.url, Client.plenty), NodeServices.layer))

    const workos = OfficialSdk.make(server.url)
    const headers = { authorization: `Bearer ${Client.key}` }
    const bare = async () => check(await BareLoop.read(server.url, Client.key, agent, () => {}))
    const bareToFile = async () => check(await BareLoop.toFile(server.url, Client.key, agent, file))

    // Effect's HTTP client over undici without this library: the minimum of an Effect program.
    const effectHttp = Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      let after: string | null = null
      let seen = 0
      do {
        const response = yield* client.get(BareLoop.urlAfter(server.url, after), { headers })
        const page: BareLoop.Page = JSON.parse(yield* response.text)
        seen += page.data.length
        after = page.list_metadata.after
      } while (after !== null)
      return check(seen)
    }).pipe(Effect.provideService(HttpClient.TracerDisabledWhen, constTrue))

    const encoded = Connections.use((connections) => countRows(connections.list.encoded.pages()))
    const pages = Connections.use((connections) => countRows(connections.pages()))
    const stream = Connections.use((connections) => Stream.runCount(connections.stream()))

    const exported = Effect.gen(function* () {
      let seen = 0
      const lines = Stream.map(Export.connections(), (rows) => {
        seen += rows.length
        return Ndjson.lines(rows)
      })
      yield* AtomicFile.write(file, lines)
      return check(seen)
    })

    const reading = await Measure.inTurn(
      [
        { name: names.bare, run: bare },
        { name: names.effectHttp, run: () => runtime.runPromise(effectHttp) },
        { name: names.sdk, run: async () => check(await OfficialSdk.readConnections(workos)) },
        { name: names.encoded, run: async () => check(await runtime.runPromise(encoded)) },
        { name: names.pages, run: async () => check(await runtime.runPromise(pages)) },
        { name: names.stream, run: async () => check(await runtime.runPromise(stream)) }
      ],
      rounds
    )
    const writing = await Measure.inTurn(
      [
        { name: "bare loop that appends each row to a file", run: bareToFile },
        { name: "`Export.connections` to NDJSON, every row validated", run: () => runtime.runPromise(exported) }
      ],
      rounds
    )

    await runtime.dispose()
    await agent.close()
    server.close()

    const target = (metric: string, name: string, target: string): Measure.Target => ({
      metric: `CPU of ${metric} page of 100 relative to the SDK's \`listConnections\``,
      now: Measure.cpuRatio(reading, name, names.sdk).toFixed(2),
      target
    })
    return {
      tables: [
        Measure.comparison("a page of 100 connections", reading, {
          "to the bare loop": names.bare,
          "to the SDK": names.sdk
        }),
        Measure.comparison("a page of 100 connections", writing)
      ],
      targets: [target("a typed", names.pages, "≤ 1.1"), target("an encoded", names.encoded, "≤ 0.95")]
    }
  })

const check = (seen: number): number => ListServer.pagesOf(seen, rows)

const countRows = <E, R>(pages: Stream.Stream<{ readonly data: ReadonlyArray<unknown> }, E, R>) =>
  Stream.runFold(
    pages,
    () => 0,
    (seen, page) => seen + page.data.length
  )
