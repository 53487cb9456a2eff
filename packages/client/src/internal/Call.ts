// One call of an operation while it is under way: what `Operation` begins, `Transport` brings to its end, and both tell of.
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type * as Headers from "effect/http/Headers"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import type * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type * as Json from "./Json.ts"

/**
 * All of an answer.
 */
export interface Answer {
  /** As the platform gave it; its body has been read. */
  readonly response: HttpClientResponse.HttpClientResponse
  readonly status: number
  readonly headers: Headers.Headers
  readonly text: string
  /** What the text says, or why that can't be read. */
  readonly json: Result.Result<unknown, Json.Fault>
}

/**
 * A call. It is one fiber's at a time, and changes as it goes on.
 */
export interface State {
  /** The operation, for example `connections.get`. */
  readonly operation: string
  readonly span: Tracer.Span
  readonly clock: Clock.Clock
  /** What no error and no span of it may show: the key, and what its request holds. */
  readonly secrets: ReadonlyArray<string>
  /** Whether the server may do it no more than once, so that nothing is sent again which may have been done. */
  readonly isOnce: boolean
  /** Whether its successes hold somebody's name and address, so that no error shows how one begins. */
  readonly isPersonal: boolean
  /** When it began, by {@link millisOf}. */
  readonly began: number
  /** How many requests were sent. */
  attempts: number
  /** When the latest one was, in nanoseconds of the clock. */
  sentAt: bigint
  /** What the latest attempt has come to, in a word, until it is told; and the one before it. */
  outcome: string
  before: string
  /** For how many milliseconds its requests were held back by the rate limit. */
  heldBack: number
  /** Whether a request may have been done whose answer was lost. */
  mayBeDone: boolean
  /** The answer that counts, once it is there. */
  answer: Answer | undefined
}

/**
 * The call that a request is sent for.
 */
export class Call extends Context.Service<Call, State>()("@effect-workos/client/Call") {}

/**
 * What calls of an operation are like that are not like most.
 */
export type Traits = Partial<Pick<State, "isOnce" | "isPersonal">>

/**
 * A call that begins now.
 */
export const begin = (
  operation: string,
  span: Tracer.Span,
  clock: Clock.Clock,
  secrets: ReadonlyArray<string>,
  { isOnce = false, isPersonal = false }: Traits = {}
): State => ({
  operation,
  span,
  clock,
  secrets,
  isOnce,
  isPersonal,
  began: millisOf(clock),
  attempts: 0,
  sentAt: 0n,
  outcome: "",
  before: "",
  heldBack: 0,
  mayBeDone: false,
  answer: undefined
})

/**
 * Its next request is sent now: the number of it. Until it has come to something, that is to an interruption.
 */
export const sends = (call: State): number => {
  call.sentAt = call.clock.currentTimeNanosUnsafe()
  call.outcome = "interrupted"
  return ++call.attempts
}

/**
 * Milliseconds by a clock that is never set back.
 */
export const millisOf = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/**
 * What a call has taken until now, for its error.
 */
export const effort = ({ attempts, began, clock }: State) => ({
  attempts,
  elapsed: Duration.millis(Math.round(millisOf(clock) - began))
})

/**
 * Whether it is a success.
 */
export const hasSucceeded = ({ status }: Pick<Answer, "status">): boolean => status >= 200 && status < 300

/**
 * Whether it says that the server failed or gave up.
 */
export const hasServerFailed = ({ status }: Pick<Answer, "status">): boolean => status >= 500 || status === 408

/**
 * The id under which WorkOS's support finds the request of an answer, where what the server says can be one.
 */
export const requestIdOf = ({ secrets }: State, { headers }: Pick<Answer, "headers">): string | undefined => {
  const id = headers["x-request-id"]
  return id !== undefined && /^[\x21-\x7e]{1,200}$/.test(id) && !secrets.some((secret) => id.includes(secret))
    ? id
    : undefined
}

/**
 * An error that WorkOS documents, with what the call has taken.
 */
export const withEffort = <E>(call: State, error: E): E =>
  Predicate.isObject(error) ? settled(Object.assign(error, effort(call))) : error

/**
 * An error that holds no more than it shows. Engines keep the functions of a stack, and with them all that those can see,
 * the whole answer included, until the stack is read as text.
 */
export const settled = <E>(error: E): E => {
  if (error instanceof Error) Reflect.get(error, "stack")
  return error
}
