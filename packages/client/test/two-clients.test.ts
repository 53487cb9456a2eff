// Two clients in one program with different configurations.
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { WorkOs } from "../src/WorkOs.ts"

const unknownId = "conn_01E4ZCR3C56J083X43JQXF3JK5"

class Other extends Context.Service<Other, WorkOs["Service"]>()("test/Other") {}

const recording = (seen: Array<string | undefined>) =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) => {
      seen.push(`${new URL(request.url).host} ${request.headers["authorization"]}`)
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 404 })))
    })
  )

const layerOf = (name: string) =>
  WorkOs.layer({ apiKey: Redacted.make(`sk_test_${name}`), baseUrl: new URL(`https://${name}.test`) })

const ask = (workos: WorkOs["Service"]) => Effect.ignore(workos.connections.get(unknownId))

describe("two clients in one program", () => {
  it.effect("Clients in one program send requests to their own base URLs with their own keys", () => {
    const seen: Array<string | undefined> = []
    const both = Layer.merge(layerOf("one"), Layer.effect(Other, WorkOs).pipe(Layer.provide(layerOf("other"))))
    return Effect.gen(function* () {
      yield* ask(yield* WorkOs)
      yield* ask(yield* Other)
      yield* WorkOs.use(ask).pipe(Effect.provide(layerOf("third")))
      assert.deepStrictEqual(seen, [
        "one.test Bearer sk_test_one",
        "other.test Bearer sk_test_other",
        "third.test Bearer sk_test_third"
      ])
    }).pipe(Effect.provide(both.pipe(Layer.provideMerge(recording(seen)))))
  })
})
