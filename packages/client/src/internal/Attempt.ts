// One attempt: a request is sent, and all of its answer is read, within bounds. It always comes to an outcome, which says
// whether another attempt may do better.
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type Answer, hasSucceeded } from "./Call.ts"
import * as Causes from "./Causes.ts"
import * as Json from "./Json.ts"
import { isTransient } from "./Repetition.ts"

/**
 * What an attempt has come to.
 *
 * - `Answered`: all of the answer is there.
 * - `Truncated`: the body ends in the middle.
 * - `TooLarge`: the body has more bytes than are read.
 * - `Broken`: there was no answer. `isSent` is false where there was not even a connection.
 * - `TimedOut`: there was no answer in time.
 */
export type Outcome =
  | { readonly _tag: "Answered" | "Truncated" | "TooLarge"; readonly answer: Answer }
  | { readonly _tag: "Broken"; readonly cause: unknown; readonly isSent: boolean }
  | { readonly _tag: "TimedOut"; readonly limit: "attempt" | "deadline" }

/**
 * An answer of which nothing is read but the head. Platforms make headers anew each time that they are asked for them.
 */
export const headOf = (response: HttpClientResponse.HttpClientResponse): Answer => ({
  response,
  status: response.status,
  headers: response.headers,
  text: "",
  json: unread
})

/**
 * Reads all of an answer, if it is no more than `limit` bytes.
 */
export const read = (head: Answer, limit: number): Effect.Effect<Outcome> => {
  const length = lengthOf(head.headers)
  if (length !== undefined && length > limit) {
    return Effect.as(release(head.response), { _tag: "TooLarge", answer: head })
  }
  return Effect.match(length === undefined ? counted(head.response, limit) : head.response.text, {
    onSuccess: (text): Outcome => (text === undefined ? { _tag: "TooLarge", answer: head } : complete(head, text)),
    onFailure: (): Outcome => ({ _tag: "Truncated", answer: head })
  })
}

const complete = (head: Answer, text: string): Outcome => {
  const json = Json.parse(text, head.headers["content-type"])
  const answer = { ...head, text, json }
  // Proxies that lose their connection can make a good end of what they have.
  return hasSucceeded(head) && Result.isFailure(json) && json.failure === "Truncated"
    ? { _tag: "Truncated", answer }
    : { _tag: "Answered", answer }
}

const unread = Result.fail("EmptyBody" as const)

/**
 * What has become of a request without an answer.
 */
export const broken = ({ reason }: HttpClientError.HttpClientError): Outcome => {
  const cause = "cause" in reason ? reason.cause : undefined
  return { _tag: "Broken", cause, isSent: !unsent.has(codeOf(cause) ?? "") }
}

// How platforms call it that there is no connection on which anything could have been sent.
const unsent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT"
])

const codeOf = (error: unknown): string | undefined =>
  Causes.chainOf(error)
    .map((cause) => (Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : undefined))
    .findLast((code) => code !== undefined)

/**
 * Whether it has an answer that is no error.
 */
export const isSuccess = (outcome: Outcome): boolean => outcome._tag === "Answered" && outcome.answer.status < 400

/**
 * Whether another attempt would come to the same.
 */
export const isFinal = (outcome: Outcome): boolean => {
  switch (outcome._tag) {
    case "Answered":
      return !isTransient(outcome.answer.status)
    case "TooLarge":
      return true
    case "TimedOut":
      return outcome.limit === "deadline"
    default:
      return false
  }
}

/**
 * Whether the server may have done what it was asked for. It has not where it refused to, or where nothing reached it.
 */
export const mayBeDone = (outcome: Outcome): boolean =>
  outcome._tag === "Broken"
    ? outcome.isSent
    : outcome._tag !== "Answered" || (outcome.answer.status !== 429 && outcome.answer.status !== 408)

/**
 * An outcome in a word, for metrics and logs: the status, or what happened in its place.
 */
export const nameOf = (outcome: Outcome): string => {
  switch (outcome._tag) {
    case "Answered":
      return String(outcome.answer.status)
    case "Truncated":
      return "truncated"
    case "TooLarge":
      return "too_large"
    case "Broken":
      return "broken"
    case "TimedOut":
      return "timed_out"
  }
}

// How long the body is, where the header is to be trusted: of a compressed one it says how long it was before.
const lengthOf = (headers: Headers.Headers): number | undefined => {
  const length = headers["content-length"]
  return length !== undefined && headers["content-encoding"] === undefined && /^\d{1,15}$/.test(length)
    ? Number(length)
    : undefined
}

// The text of a body of which nobody has said how long it is; `undefined` where it is too long.
const counted = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<string | undefined, HttpClientError.HttpClientError> =>
  Effect.suspend(() => {
    const decoder = new TextDecoder()
    let bytes = 0
    let text = ""
    return response.stream.pipe(
      Stream.takeWhile((chunk) => (bytes += chunk.length) <= limit),
      Stream.runForEachArray((chunks) =>
        Effect.sync(() => {
          for (const chunk of chunks) text += decoder.decode(chunk, { stream: true })
        })
      ),
      Effect.map(() => (bytes > limit ? undefined : text + decoder.decode())),
      Effect.catch((error) => (error.reason._tag === "EmptyBodyError" ? Effect.succeed("") : Effect.fail(error)))
    )
  })

// Nobody reads this answer, and one that is not read can hold its socket: reading is begun, and given up at once.
const release = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<void> =>
  Effect.raceFirst(Effect.ignore(Stream.runDrain(Stream.take(response.stream, 1))), Effect.yieldNow)
