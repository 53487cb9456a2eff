// The errors of calls, put into words: what happened, with whom, how often, and what to do.
import { issuesOf } from "@effect-workos/domain/Issue"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { type Answer, effort, hasSucceeded, requestIdOf, settled, type State } from "./Call.ts"
import * as Causes from "./Causes.ts"
import {
  InvalidRequest,
  InvalidResponse,
  type InvalidResponseReason,
  RequestTimeout,
  ServerError,
  TransportError
} from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"

/**
 * Who is asked: the origin that is named, and the secrets that nothing may show.
 */
export interface Server {
  readonly origin: string
  readonly secrets: ReadonlyArray<string>
}

export const invalidRequest = (operation: string, error: Schema.SchemaError): InvalidRequest =>
  new InvalidRequest({ operation, message: `${operation}: ${describe(error)}` })

// The error that the platform gave is kept, and the one that holds the request with its headers is not.
export const transportError = (call: State, { origin }: Server, cause: unknown): TransportError => {
  hideInCause(cause, call.secrets)
  const name = Excerpt.onOneLine(nameOf(cause))
  return new TransportError({
    operation: call.operation,
    message: `${call.operation}: no answer from ${origin} (${name})${often(call)}. Is it the right address, and is it up?`,
    ...effort(call),
    ...(cause === undefined ? {} : { cause })
  })
}

// Platforms quote what they could not read, or not send: undici the bytes that are no HTTP, `fetch` a header's value.
const hideInCause = (cause: unknown, secrets: ReadonlyArray<string>): void => {
  for (const error of Causes.chainOf(cause)) {
    for (const name of Object.getOwnPropertyNames(error)) {
      const value: unknown = Reflect.get(error, name)
      if (!Predicate.isString(value)) continue
      const shown = Excerpt.hide(value, secrets)
      if (shown !== value) Reflect.set(error, name, shown)
    }
  }
}

export const requestTimeout = (call: State, { origin }: Server, limit: "attempt" | "deadline"): RequestTimeout => {
  const { attempts, elapsed } = effort(call)
  const what =
    attempts === 0
      ? "not sent before its deadline, since the rate limit and the requests before it left no room"
      : `no answer from ${origin} in time${often(call)}${call.before === "" ? "" : ` (the attempt before: ${call.before})`}`
  return new RequestTimeout({
    operation: call.operation,
    message: `${call.operation}: ${what}. Try again later, or give it more time with RetryPolicy.`,
    attempts,
    elapsed,
    limit
  })
}

export const serverError = (call: State, server: Server, answer: Answer): ServerError =>
  settled(
    new ServerError({
      ...answered(call, answer),
      message: `${call.operation}: ${server.origin} failed with ${answer.status}${often(call)}. Try again later.`
    })
  )

export const invalidResponse = (
  call: State,
  server: Server,
  answer: Answer,
  reason: InvalidResponseReason
): InvalidResponse => {
  const [what, hint = ""] = describeAnswer(call, answer, reason)
  return settled(
    new InvalidResponse({
      ...answered(call, answer),
      message: `${call.operation}: ${server.origin} answered ${answer.status} with ${what}${often(call)}.${hint}`,
      reason
    })
  )
}

/**
 * JSON of another shape.
 */
export const wrongShape = (error: Schema.SchemaError): Extract<InvalidResponseReason, { _tag: "WrongShape" }> => {
  const [fault] = issuesOf(error)
  return { _tag: "WrongShape", path: fault?.path ?? "", expected: fault?.message ?? error.message }
}

// What it is, and what to do about it where one can say.
const describeAnswer = (
  { secrets }: State,
  { headers }: Answer,
  reason: InvalidResponseReason
): readonly [what: string, hint?: string] => {
  const type = Excerpt.of(headers["content-type"] ?? "", secrets) || "no content type"
  switch (reason._tag) {
    case "EmptyBody":
      return ["an empty body, where WorkOS documents JSON"]
    case "Html":
      return [`${type}, which WorkOS does not document`, " Is it the right address, or does a proxy stand between?"]
    case "NotJson":
      return [`${type} that is no JSON, which WorkOS does not document`]
    case "Truncated":
      return ["a body that ends in the middle"]
    case "TooLarge":
      return [`more than ${reason.limit} bytes`, " Raise maxResponseBytes if that is right."]
    case "Redirect":
      return [
        `a redirect${reason.location === undefined ? "" : ` to ${reason.location}`}, which is not followed`,
        " Is it the right base URL?"
      ]
    case "WrongShape":
      return [`JSON that WorkOS does not document: ${at(reason.path, reason.expected)}`]
    case "UndocumentedStatus":
      return [`${type}, which WorkOS does not document`]
  }
}

const answered = (call: State, answer: Answer) => {
  const requestId = requestIdOf(call, answer)
  const excerpt = call.isPersonal && hasSucceeded(answer) ? "" : Excerpt.of(answer.text, call.secrets)
  return {
    operation: call.operation,
    status: answer.status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(excerpt === "" ? {} : { excerpt }),
    ...effort(call)
  }
}

const often = (call: State): string => {
  const { attempts, elapsed } = effort(call)
  return attempts < 2 ? "" : `, ${attempts} times in ${Duration.format(elapsed)}`
}

// The first fault, after the place where it is: "limit: Expected a value between 1 and 100".
const describe = (error: Schema.SchemaError): string => {
  const [fault] = issuesOf(error)
  return at(fault?.path ?? "", fault?.message ?? error.message)
}

const at = (path: string, message: string): string => (path === "" ? message : `${path}: ${message}`)

// The innermost code or message.
const nameOf = (cause: unknown): string => {
  const error = Causes.chainOf(cause).at(-1)
  if (error === undefined) return "the connection failed"
  if (Predicate.hasProperty(error, "code") && Predicate.isString(error.code)) return error.code
  return Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : String(error)
}
