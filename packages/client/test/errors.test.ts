// What an operation can fail with is in its type, all of it: these functions compile only if no tag is missing.
import { assert, describe, it } from "@effect/vitest"
import { NotFound } from "@effect-workos/domain/ApiError"
import type * as resources from "@effect-workos/domain/resources"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type InvalidResponse, TransportError } from "../src/ClientError.ts"
import type * as Client from "../src/Client.ts"
import type { Connections } from "../src/Connections.ts"
import type * as SignIn from "../src/SignIn.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { organizationDomainId, organizationId } from "./samples.ts"
import { withClient, runToEnd, server, type Step } from "./scripted-server.ts"

type GetError = Client.Error<typeof resources.connections, "get">
type ListError = Client.Error<typeof resources.connections, "list">
type CrawlError = Client.StreamError<typeof resources.connections, "list">
type CreateError = Client.Error<typeof resources.connections, "create">
type DeleteError = Client.Error<typeof resources.connections, "delete">

const ofGet = (error: GetError): string => {
  switch (error._tag) {
    case "InvalidRequest":
    case "Unauthorized":
    case "Forbidden":
    case "NotFound":
    case "TooManyRequests":
    case "ServerError":
    case "InvalidResponse":
    case "TransportError":
    case "RequestTimeout":
    case "CircuitOpen":
      return error._tag
  }
  return error satisfies never
}

const ofDelete: (error: DeleteError) => string = ofGet

const ofCreate = (error: Effect.Error<ReturnType<Connections["Service"]["create"]>>): CreateError["_tag"] => {
  switch (error._tag) {
    case "InvalidRequest":
    case "BadRequest":
    case "Unauthorized":
    case "Forbidden":
    case "NotFound":
    case "Conflict":
    case "UnprocessableEntity":
    case "TooManyRequests":
    case "ServerError":
    case "InvalidResponse":
    case "TransportError":
    case "RequestTimeout":
    case "CircuitOpen":
      return error._tag
  }
  return error satisfies never
}

const ofList = (error: ListError): string => {
  switch (error._tag) {
    case "InvalidRequest":
    case "Unauthorized":
    case "Forbidden":
    case "UnprocessableEntity":
    case "TooManyRequests":
    case "ServerError":
    case "InvalidResponse":
    case "TransportError":
    case "RequestTimeout":
    case "CircuitOpen":
      return error._tag
  }
  return error satisfies never
}

const ofCrawl = (error: CrawlError): string => (error._tag === "CursorRepeated" ? error._tag : ofList(error))

const ofReason = ({ reason }: InvalidResponse): string => {
  switch (reason._tag) {
    case "EmptyBody":
    case "Html":
    case "NotJson":
    case "Truncated":
    case "UnsupportedEncoding":
    case "WrongShape":
    case "TooLarge":
    case "Redirect":
    case "UndocumentedStatus":
      return reason._tag
  }
  return reason satisfies never
}

// And all of them can be caught, one by one, so that nothing is left: these compile only if it is so.
const nothingLeft: (get: Effect.Effect<unknown, GetError>) => Effect.Effect<unknown> = Effect.catchTags({
  InvalidRequest: Effect.succeed,
  Unauthorized: Effect.succeed,
  Forbidden: Effect.succeed,
  NotFound: Effect.succeed,
  TooManyRequests: ({ retryAfter }) => Effect.succeed(retryAfter),
  ServerError: ({ attempts, elapsed, excerpt, requestId, status }) =>
    Effect.succeed([attempts, elapsed, excerpt, requestId, status]),
  InvalidResponse: ({ attempts, elapsed, excerpt, requestId, status }) =>
    Effect.succeed([attempts, elapsed, excerpt, requestId, status]),
  TransportError: ({ attempts, elapsed }) => Effect.succeed([attempts, elapsed]),
  RequestTimeout: ({ attempts, elapsed, limit }) => Effect.succeed([attempts, elapsed, limit]),
  CircuitOpen: ({ retryAfter }) => Effect.succeed(retryAfter)
})

// Of the other resources as well, and no tag is caught that there is not.
const tag = ({ _tag }: { readonly _tag: string }) => Effect.succeed(_tag)

const ofClient = {
  InvalidRequest: tag,
  TransportError: tag,
  RequestTimeout: tag,
  CircuitOpen: tag,
  ServerError: tag,
  InvalidResponse: tag
}

const ofKey = { ...ofClient, Unauthorized: tag, TooManyRequests: tag }

const ofGrant = {
  InvalidGrant: tag,
  InvalidClient: tag,
  UnauthorizedClient: tag,
  UnsupportedGrantType: tag,
  ConnectionInvalid: tag,
  InvalidRedirectUri: tag,
  OAuthError: tag
}

type Call<E> = Effect.Effect<unknown, E>

type Caught = Effect.Effect<unknown>

const organizations = {
  get: (call: Call<Client.Error<typeof resources.organizations, "get">>): Caught =>
    Effect.catchTags(call, { ...ofKey, NotFound: tag }),
  list: (call: Call<Client.Error<typeof resources.organizations, "list">>): Caught =>
    Effect.catchTags(call, { ...ofKey, UnprocessableEntity: tag }),
  crawl: (call: Call<Client.StreamError<typeof resources.organizations, "list">>): Caught =>
    Effect.catchTags(call, { ...ofKey, UnprocessableEntity: tag, CursorRepeated: tag }),
  create: (call: Call<Client.Error<typeof resources.organizations, "create">>): Caught =>
    Effect.catchTags(call, { ...ofKey, BadRequest: tag, Conflict: tag, UnprocessableEntity: tag }),
  update: (call: Call<Client.Error<typeof resources.organizations, "update">>): Caught =>
    Effect.catchTags(call, {
      ...ofKey,
      BadRequest: tag,
      Forbidden: tag,
      NotFound: tag,
      Conflict: tag,
      UnprocessableEntity: tag
    }),
  delete: (call: Call<Client.Error<typeof resources.organizations, "delete">>): Caught =>
    Effect.catchTags(call, { ...ofKey, Forbidden: tag, NotFound: tag })
}

const organizationDomains = {
  get: (call: Call<Client.Error<typeof resources.organizationDomains, "get">>): Caught =>
    Effect.catchTags(call, { ...ofKey, NotFound: tag }),
  create: (call: Call<Client.Error<typeof resources.organizationDomains, "create">>): Caught =>
    Effect.catchTags(call, { ...ofKey, BadRequest: tag, NotFound: tag, Conflict: tag, UnprocessableEntity: tag }),
  verify: (call: Call<Client.Error<typeof resources.organizationDomains, "verify">>): Caught =>
    Effect.catchTags(call, { ...ofKey, BadRequest: tag, NotFound: tag }),
  delete: (call: Call<Client.Error<typeof resources.organizationDomains, "delete">>): Caught =>
    Effect.catchTags(call, { ...ofKey, NotFound: tag })
}

const portal = {
  link: (call: Call<Client.Error<typeof resources.portal, "generateLink">>): Caught =>
    Effect.catchTags(call, { ...ofKey, BadRequest: tag, Forbidden: tag, NotFound: tag, UnprocessableEntity: tag })
}

const events = {
  list: (call: Call<Client.Error<typeof resources.events, "list">>): Caught =>
    Effect.catchTags(call, { ...ofKey, BadRequest: tag, UnprocessableEntity: tag }),
  crawl: (call: Call<Client.StreamError<typeof resources.events, "list">>): Caught =>
    Effect.catchTags(call, { ...ofKey, BadRequest: tag, UnprocessableEntity: tag, CursorRepeated: tag })
}

const sso = {
  token: (call: Call<Client.Error<typeof resources.sso, "profileAndToken">>): Caught =>
    Effect.catchTags(call, { ...ofClient, ...ofGrant, NotFound: tag, TooManyRequests: tag, UnprocessableEntity: tag }),
  profile: (call: Call<Client.Error<typeof resources.sso, "profile">>): Caught =>
    Effect.catchTags(call, { ...ofKey, NotFound: tag }),
  jwks: (call: Call<Client.Error<typeof resources.sso, "jwks">>): Caught =>
    Effect.catchTags(call, { ...ofClient, NotFound: tag, TooManyRequests: tag }),
  logout: (call: Call<Client.Error<typeof resources.sso, "logoutAuthorize">>): Caught =>
    Effect.catchTags(call, { ...ofKey, ...ofGrant, NotFound: tag }),
  callback: (call: Call<SignIn.CallbackError>): Caught =>
    Effect.catchTags(call, { SignInRefused: tag, StateMismatch: tag, CodeMissing: tag })
}

const caught: ReadonlyArray<(workos: WorkOs["Service"]) => Caught> = [
  (workos) => organizations.get(workos.organizations.get(organizationId)),
  (workos) => organizations.get(workos.organizations.getByExternalId("acme-1")),
  (workos) => organizations.list(workos.organizations.list()),
  (workos) => organizations.crawl(Stream.runDrain(workos.organizations.stream())),
  (workos) => organizations.create(workos.organizations.create({ name: "Foo Corp" })),
  (workos) => organizations.update(workos.organizations.update(organizationId, { name: "Foo Corp" })),
  (workos) => organizations.delete(workos.organizations.delete(organizationId)),
  (workos) => organizationDomains.get(workos.organizationDomains.get(organizationDomainId)),
  (workos) => organizationDomains.create(workos.organizationDomains.create({ organizationId, domain: "acme.com" })),
  (workos) => organizationDomains.verify(workos.organizationDomains.verify(organizationDomainId)),
  (workos) => organizationDomains.delete(workos.organizationDomains.delete(organizationDomainId)),
  (workos) => portal.link(workos.portal.generateLink({ organization: organizationId })),
  (workos) => events.list(workos.events.list()),
  (workos) => events.crawl(Stream.runDrain(workos.events.stream()))
]

const failures: ReadonlyArray<Step> = [
  ...[302, 400, 401, 403, 404, 409, 418, 422, 429, 500].map((status) => ({ status })),
  "refused",
  "stall"
]

describe("errors", () => {
  it("have distinct tags", () => {
    const error = new NotFound({ message: "No." })
    assert.strictEqual(ofGet(error), "NotFound")
    assert.strictEqual(ofDelete(error), "NotFound")
    assert.strictEqual(ofCreate(error), "NotFound")
    for (const whole of [ofCrawl, ofReason, nothingLeft]) assert.isFunction(whole)
  })
  it("of single sign-on can all be caught by tag", () => {
    for (const catching of Object.values(sso)) assert.isFunction(catching)
  })

  it.effect.each(failures)("can all be caught by tag, for every kind of failure: %j", (step) =>
    Effect.gen(function* () {
      for (const call of caught) {
        const exit = yield* runToEnd(withClient(server([step]), call))
        assert.isTrue(Exit.isSuccess(exit) && typeof exit.value === "string")
      }
    })
  )

  it.effect("keep the platform's error as a cause, but do not encode it", () =>
    Effect.gen(function* () {
      const exit = yield* runToEnd(
        Effect.flip(withClient(server(["refused"]), ({ connections }) => connections.list()))
      )
      const error = yield* exit
      if (error._tag !== "TransportError") return assert.fail(error._tag)
      assert.include(error.cause, { code: "ECONNREFUSED" })
      const encoded = yield* Schema.encodeEffect(Schema.toCodecJson(TransportError))(error)
      assert.notProperty(encoded, "cause")
    })
  )
})
