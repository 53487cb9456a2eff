// Options whose value is `undefined`: as if their key were absent, in every part of every request.
import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import * as resources from "@effect-workos/domain/resources"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AuthorizationUrl from "../src/AuthorizationUrl.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { organizationId } from "./samples.ts"
import { server, withClient } from "./scripted-server.ts"

const operations = Object.values(resources).flatMap(({ endpoints, name: resource }) =>
  Object.entries<Endpoint.Endpoint>(endpoints)
    .filter(([, { browser }]) => browser !== true)
    .map(([method, endpoint]) => ({ name: `${resource}.${method}`, resource, method, endpoint }))
)

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** Removes all keys whose value is `undefined`. */
const withoutUndefined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (!isPlain(value)) return value
  const present = Object.entries(value).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present.map(([key, value]) => [key, withoutUndefined(value)]))
}

/** Sets all absent keys to `undefined`. */
const withUndefined = (fields: ReadonlyArray<Fields.Field>, value: unknown): unknown => {
  if (!isPlain(value)) return value
  const known = fields.map(({ kind, name }) => {
    const inner = value[name]
    if (kind._tag === "List" && kind.item._tag === "Struct" && Array.isArray(inner)) {
      const { item } = kind
      return [name, inner.map((one: unknown) => withUndefined(item.fields, one))]
    }
    return [name, kind._tag === "Struct" ? withUndefined(kind.fields, inner) : inner]
  })
  return { ...value, ...Object.fromEntries(known) }
}

const partsOf = ({ headers, payload, query }: Endpoint.Endpoint): ReadonlyArray<Endpoint.AnySchema> =>
  [headers, payload, query].filter((part) => part !== undefined)

const Nothing = Schema.Struct({})

/** Values of a path's parameters, the token if the endpoint takes one, and options. */
const callOf = (endpoint: Endpoint.Endpoint) =>
  Arbitrary.map(
    Arbitrary.schema(
      Schema.Struct({
        params: Schema.Struct(endpoint.params ?? {}),
        parts: Schema.Tuple([endpoint.query ?? Nothing, endpoint.payload ?? Nothing, endpoint.headers ?? Nothing])
      })
    ),
    ({ params, parts }) => {
      const named: Readonly<Record<string, unknown>> = params
      return {
        positional: [
          ...(endpoint.access === "accessToken" ? [Redacted.make("token")] : []),
          ...Endpoint.pathParams(endpoint).map((name) => named[name])
        ],
        options: Object.assign({}, ...parts)
      }
    }
  )

const callable = (value: unknown): ((...args: ReadonlyArray<unknown>) => unknown) => {
  if (typeof value !== "function") throw new Error("This is not a function.")
  return (...args) => Reflect.apply(value, undefined, args)
}

/** The requests of a call: how they are sent, without the key that makes a retry safe. */
const requestsOf = (call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const scripted = server([{ status: 404 }])
    yield* Effect.exit(withClient(scripted, call))
    return scripted.received.map(({ request: { body, headers, method, url } }) => {
      const { "idempotency-key": _, ...rest } = headers
      return {
        method,
        url,
        headers: rest,
        body: body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : body
      }
    })
  })

const bodiesOf = (call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>) =>
  Effect.map(requestsOf(call), (requests) => requests.map(({ body }) => body))

const isEffect = (value: unknown): value is Effect.Effect<unknown, unknown> => Effect.isEffect(value)
const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> => Stream.isStream(value)

/** The requests of a method, or of a form of it: `encoded`, `stream` or `pages`. */
const requestsOfMethod = (
  { method, resource }: (typeof operations)[number],
  form: string | undefined,
  args: ReadonlyArray<unknown>
) =>
  requestsOf((workos) => {
    const plain: unknown = Reflect.get(Reflect.get(workos, resource), method)
    const result = callable(form === undefined ? plain : Reflect.get(Object(plain), form))(...args)
    if (isEffect(result)) return result
    return isStream(result) ? Stream.runDrain(result) : Effect.die(result)
  })

const formsOf = ({ endpoint, name }: (typeof operations)[number]): ReadonlyArray<string | undefined> => [
  undefined,
  ...(Endpoint.success(endpoint) === undefined || name === "sso.profileAndToken" ? [] : ["encoded"]),
  ...(endpoint.item === undefined ? [] : ["stream", "pages"])
]

describe.each(operations)("$name", (operation) => {
  const fields = partsOf(operation.endpoint).flatMap((part) => Fields.of(Schema.toType(part).ast))

  it.effect("sends the same request for an option that is undefined as for one that is absent", () =>
    Arbitrary.checkEffect(
      callOf(operation.endpoint),
      ({ options: generated, positional }) =>
        Effect.gen(function* () {
          // A request with parameters that exclude each other is not sent.
          const [, ...surplus] = operation.endpoint.exclusive?.conflict(generated) ?? []
          const options = Object.fromEntries(Object.entries(generated).filter(([name]) => !surplus.includes(name)))
          const absent = withoutUndefined(options)
          for (const form of formsOf(operation)) {
            const expected = yield* requestsOfMethod(operation, form, [...positional, absent])
            assert.lengthOf(expected, 1)
            for (const same of [options, withUndefined(fields, absent)]) {
              assert.deepStrictEqual(yield* requestsOfMethod(operation, form, [...positional, same]), expected)
            }
          }
          return true
        }),
      { runs: 25, seed: 7 }
    ).pipe(Effect.map((result) => assert.isUndefined(Arbitrary.formatCheckFailure(result))))
  )
})

const requiredOperation = (name: string): (typeof operations)[number] => {
  const operation = operations.find((operation) => operation.name === name)
  if (operation === undefined) throw new Error(`${name} does not exist.`)
  return operation
}

describe("options", () => {
  it.effect("that are undefined are not sent, and null is sent", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* bodiesOf(({ organizations }) => organizations.create({ name: "x", externalId: undefined })),
        ['{"name":"x"}']
      )
      assert.deepStrictEqual(
        yield* bodiesOf(({ organizations }) =>
          organizations.update(organizationId, { name: undefined, externalId: null, metadata: undefined })
        ),
        ['{"external_id":null}']
      )
      assert.deepStrictEqual(
        yield* bodiesOf(({ connections }) =>
          connections.create({ organizationId, samlOptions: { idpMetadataUrl: undefined, idpEntityId: "a" } })
        ),
        [`{"organization_id":"${organizationId}","saml_options":{"idp_entity_id":"a"}}`]
      )
    })
  )

  it.effect("that are undefined in a record are not sent, at any depth, and all else is", () =>
    Effect.gen(function* () {
      const create = requiredOperation("organizations.create")
      const metadata = { tier: "diamond", plan: undefined }
      const nullPrototype: object = Object.assign(Object.create(null), metadata)
      for (const given of [metadata, nullPrototype]) {
        const [request] = yield* requestsOfMethod(create, undefined, [{ name: "x", metadata: given }])
        assert.strictEqual(request?.body, '{"name":"x","metadata":{"tier":"diamond"}}')
      }
      assert.deepStrictEqual(metadata, { tier: "diamond", plan: undefined })
      const polluting = JSON.parse('{"__proto__":"a","tier":"diamond"}')
      const [request] = yield* requestsOfMethod(create, undefined, [{ name: "x", metadata: polluting }])
      assert.strictEqual(request?.body, '{"name":"x","metadata":{"__proto__":"a","tier":"diamond"}}')
    })
  )

  it("of an authorization URL that are undefined are not in it", () => {
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

  it.effect("of a followed list that are undefined are not in its requests", () =>
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
