// Generated paths: requests for an operation never have the path of another operation.
import { runs } from "@effect-workos/testing/Sample"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Contract from "../src/Contract.ts"
import { laws } from "../src/laws.ts"
import * as Suite from "../src/Suite.ts"
import * as Target from "../src/Target.ts"

const Things = HttpApi.make("things").add(
  HttpApiGroup.make("things").add(
    HttpApiEndpoint.get("get", "/things/:id", {
      params: { id: Schema.String },
      success: Schema.Struct({ id: Schema.String })
    })
  )
)

it.live("a parameter of a path that may be any text is never empty, a dot or two dots", () =>
  Effect.gen(function* () {
    const paths: Array<string> = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const { pathname } = new URL(new Request(input, init).url)
      paths.push(pathname)
      return Response.json({ id: pathname })
    }
    const target = Target.layer({ baseUrl: "http://localhost" }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch))
    )
    const suite = Suite.make({ api: Things, conventions: {}, laws })
    yield* Effect.provide(Contract.verify(suite, { laws: ["responses"], runs: runs(1000, 200) }), target)
    assert.isAbove(paths.length, 50)
    for (const path of paths) assert.match(path, /^\/things\/[^/]+$/)
  })
)
