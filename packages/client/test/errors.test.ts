// What an operation can fail with is in its type, all of it: these functions compile only if no tag is missing.
import { assert, describe, it } from "@effect/vitest"
import { NotFound } from "@effect-workos/domain/ApiError"
import * as Effect from "effect/Effect"
import type { InvalidResponse } from "../src/ClientError.ts"
import type { CrawlError, CreateError, DeleteError, GetError, ListError, Operations } from "../src/Connections.ts"

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

const ofCreate = (error: Effect.Error<ReturnType<Operations["create"]>>): CreateError["_tag"] => {
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

describe("errors", () => {
  it("can be told apart by their tags, all of them", () => {
    const error = new NotFound({ message: "No." })
    assert.strictEqual(ofGet(error), "NotFound")
    assert.strictEqual(ofDelete(error), "NotFound")
    assert.strictEqual(ofCreate(error), "NotFound")
    for (const whole of [ofCrawl, ofReason, nothingLeft]) assert.isFunction(whole)
  })
})
