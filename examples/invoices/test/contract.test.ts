// Verifies the invoices server against its contract, with one test per law and operation.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Target from "@effect-workos/contract-engine/Target"
import * as Vitest from "@effect-workos/contract/Vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"
import { suite } from "../src/contract.ts"
import type { Invoice } from "../src/InvoicesApi.ts"
import { broken, layerRoutes, samples } from "../src/server.ts"

// A server on a free port, as a target.
const serving = (invoices: ReadonlyArray<Invoice>) =>
  Layer.unwrap(HttpServer.addressFormattedWith((baseUrl) => Effect.succeed(Target.layer({ baseUrl })))).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(HttpRouter.serve(layerRoutes(invoices), { disableListenLog: true, disableLogger: true })),
    Layer.provide(Layer.fresh(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })))
  )

Vitest.contract(suite, { name: "the invoices server", runs: 10, target: serving(samples) })

describe("a server with one wrong total among many", () => {
  it.live(
    "a server with one wrong total fails only the law of totals, with the smallest page as the counterexample",
    () =>
      Effect.gen(function* () {
        const { results } = yield* Contract.verify(suite, { runs: 3 })
        const failed = results.filter(({ status }) => status === "failed")
        assert.deepStrictEqual([...new Set(failed.map(({ law }) => law))], ["invoices/total"])
        const found = failed.find(({ operation }) => operation === "invoices.list")?.counterexample
        assert.match(found?.curl ?? "", new RegExp(`/invoices\\?limit=1&starting_after=${broken[69]?.id}'$`))
        assert.strictEqual(found?.expected, `${samples[70]?.total} cents`)
        assert.strictEqual(found?.actual, `${broken[70]?.total} cents`)
      }).pipe(Effect.provide(serving(broken)))
  )
})
