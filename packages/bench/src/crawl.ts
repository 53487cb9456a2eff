// What a crawl costs: one crawl of 20,000 rows, a hundred a page, against a bare loop that validates nothing.
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

const rows = 20_000

export const crawl = (rounds: { readonly warmUp: number; readonly counted: number }): Promise<string> =>
  Folder.temporary(async (fileOf) => {
    const server = await ListServer.start({ rows })
    const file = fileOf("rows.ndjson")
    const agent = new Agent()
    const runtime = ManagedRuntime.make(Layer.provideMerge(Client.layer(server.url, Client.plenty), NodeServices.layer))

    const headers = { authorization: `Bearer ${Client.key}` }
    const bare = async () => check(await BareLoop.read(server.url, Client.key, agent, () => {}))
    const bareToFile = async () => check(await BareLoop.toFile(server.url, Client.key, agent, file))

    // Effect's HTTP client over undici, and nothing of ours: what any Effect program pays before it decodes.
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

    const encoded = Effect.gen(function* () {
      const connections = yield* Connections
      const seen = yield* Stream.runFold(
        connections.list.encoded.pages(),
        () => 0,
        (seen, page) => seen + page.data.length
      )
      return check(seen)
    })

    const typed = Effect.gen(function* () {
      const connections = yield* Connections
      return check(yield* Stream.runCount(connections.stream()))
    })

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
        { name: "bare loop: `undici` and `JSON.parse`, nothing validated", run: bare },
        {
          name: "Effect's `HttpClient` over undici and `JSON.parse`, nothing validated",
          run: () => runtime.runPromise(effectHttp)
        },
        {
          name: "`connections.list.encoded.pages`: wire form, every row validated",
          run: () => runtime.runPromise(encoded)
        },
        { name: "`connections.stream`: typed, camelCase, dates, brands", run: () => runtime.runPromise(typed) }
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
    return [reading, writing].map((results) => Measure.comparison("a page of 100 connections", results)).join("\n")
  })

const check = (seen: number): number => ListServer.pagesOf(seen, rows)
