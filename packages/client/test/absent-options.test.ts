// Options with the value `undefined`, in cases that `operations/` does not test: records, URLs and followed lists.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as AuthorizationUrl from "../src/AuthorizationUrl.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { organizationId } from "./samples.ts"
import { server, withClient } from "./scripted-server.ts"

/** The texts of the bodies, and the URLs, of the requests of a call. */
const requestsOf = (call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const scripted = server([{ status: 404 }])
    yield* Effect.exit(withClient(scripted, call))
    return scripted.received.map(({ request: { body, url } }) => ({
      url,
      body: body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : undefined
    }))
  })

describe("undefined options", () => {
  it.effect("Undefined values of a record are not sent, and all other values are", () =>
    Effect.gen(function* () {
      const metadata: Record<string, string> = { tier: "diamond" }
      Reflect.set(metadata, "plan", undefined)
      const nullPrototype: Record<string, string> = Object.assign(Object.create(null), metadata)
      for (const given of [metadata, nullPrototype]) {
        const [request] = yield* requestsOf(({ organizations }) => organizations.create({ name: "x", metadata: given }))
        assert.strictEqual(request?.body, '{"name":"x","metadata":{"tier":"diamond"}}')
      }
      assert.hasAllKeys(metadata, ["tier", "plan"])
      const polluting: Record<string, string> = JSON.parse('{"__proto__":"a","tier":"diamond"}')
      const [request] = yield* requestsOf(({ organizations }) =>
        organizations.create({ name: "x", metadata: polluting })
      )
      assert.strictEqual(request?.body, '{"name":"x","metadata":{"__proto__":"a","tier":"diamond"}}')
    })
  )

  it("An authorization URL does not contain undefined options", () => {
    const options = {
      clientId: "client_01HZBC6N1EB1ZY7KG32X",
      redirectUri: "https://your-app.com/callback",
      organization: organizationId
    }
    const undefinedOptions = {
      connection: undefined,
      provider: undefined,
      state: undefined,
      codeChallenge: undefined,
      domainHint: undefined,
      loginHint: undefined,
      nonce: undefined,
      prompt: undefined,
      providerScopes: undefined,
      providerQueryParams: undefined
    }
    assert.deepStrictEqual(
      Result.getOrThrow(AuthorizationUrl.make({ ...options, ...undefinedOptions })),
      Result.getOrThrow(AuthorizationUrl.make(options))
    )
    const params: Record<string, string> = { hd: "acme.com" }
    Reflect.set(params, "prompt", undefined)
    assert.deepStrictEqual(
      Result.getOrThrow(AuthorizationUrl.make({ ...options, providerQueryParams: params })),
      Result.getOrThrow(AuthorizationUrl.make({ ...options, providerQueryParams: { hd: "acme.com" } }))
    )
  })

  it.effect("The requests of a followed list do not contain undefined options", () =>
    Effect.gen(function* () {
      const after = "event_01EHZNVPK3SFK441A1RGBFSHRS"
      const follow = (options: object) =>
        requestsOf(({ events }) => Stream.runDrain(events.follow({ after, ...options })))
      const undefinedOptions = {
        since: undefined,
        events: undefined,
        organizationId: undefined,
        pageSize: undefined,
        interval: undefined,
        maxInterval: undefined
      }
      assert.deepStrictEqual(yield* follow(undefinedOptions), yield* follow({}))
    })
  )
})
