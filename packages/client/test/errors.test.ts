// The types of errors: these functions compile only if each function names all errors of an operation, and no others.
import { assert, describe, it } from "@effect/vitest"
import { NotFound } from "@effect-workos/domain/ApiError"
import type * as resources from "@effect-workos/domain/resources"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { type InvalidResponse, TransportError } from "../src/ClientError.ts"
import type * as Client from "../src/Client.ts"
import type { Connections } from "../src/Connections.ts"
import type * as SignIn from "../src/SignIn.ts"
import { id } from "./samples.ts"
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

const catchAll: (get: Effect.Effect<unknown, GetError>) => Effect.Effect<unknown> = Effect.catchTags({
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

const failures: ReadonlyArray<Step> = [
  ...[302, 400, 401, 403, 404, 409, 418, 422, 429, 500].map((status) => ({ status })),
  "refused",
  "stall"
]

describe("types of errors", () => {
  it("Each error of an operation has a different tag", () => {
    const error = new NotFound({ message: "No." })
    for (const tagOf of [ofGet, ofDelete, ofCreate]) assert.strictEqual(tagOf(error), "NotFound")
    for (const checked of [ofCrawl, ofReason, ...Object.values(sso)]) assert.isFunction(checked)
  })

  it.effect.each(failures)("`catchTags` with all tags of an operation catches the failure %j", (step) =>
    Effect.gen(function* () {
      const exit = yield* runToEnd(withClient(server([step]), ({ connections }) => catchAll(connections.get(id))))
      assert.isTrue(Exit.isSuccess(exit))
    })
  )

  it.effect("A TransportError has the error of the platform as its cause, and does not encode it", () =>
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
