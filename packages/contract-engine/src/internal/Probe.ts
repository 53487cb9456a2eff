// Probes: requests that tell whether a server implements an operation. The responses of an operation that is not implemented
// are always 405 or 501, or the 404 or 401 of a path that does not exist.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { isRow } from "../ApiConventions.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import { describe, type Exchange, type NoResponse, type Request, type Response } from "../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import { resourceOperationsOf } from "../ResourceOperations.ts"
import { Session } from "../Session.ts"
import * as Generate from "./Generate.ts"
import type { Implementation } from "./Implementation.ts"
import * as KnownRows from "./KnownRows.ts"
import { withoutCounting } from "./RequestCount.ts"
import * as Shape from "./Shape.ts"

/** The id of the law that reports operations that are not implemented. */
export const lawId = "responses/implemented"

/** The number of known rows that are requested. */
const rowCount = 3

/**
 * Returns whether the server implements an operation. The first call sends a few requests.
 */
export const of = (operation: ApiOperation): Effect.Effect<Implementation, never, Session> =>
  Effect.flatMap(Session, ({ implementations }) =>
    implementations.get(
      operation.id,
      withoutCounting(
        Effect.catch(probe(operation), ({ message, request }) =>
          Effect.succeed(unknown(`${describe(request)}: ${message}`))
        )
      )
    )
  )

const unknown = (reason: string): Implementation => ({ _tag: "Unknown", reason })

/**
 * Returns whether the server certainly does not implement an operation.
 */
export const isMissing = (operation: ApiOperation): Effect.Effect<boolean, never, Session> =>
  Effect.map(of(operation), ({ _tag }) => _tag === "Missing")

/**
 * Returns whether checks of an operation tell nothing: the server does not implement it, or, if only implemented operations
 * are verified, may not.
 */
export const isLeftOut = (operation: ApiOperation): Effect.Effect<boolean, never, Session> =>
  Effect.flatMap(Session, ({ settings }) =>
    Effect.map(of(operation), ({ _tag }) => _tag === "Missing" || (_tag === "Gated" && settings.implemented))
  )

const probe = (operation: ApiOperation): Effect.Effect<Implementation, NoResponse, Session> =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    if (!operation.isSafe && !settings.writes) return unknown("writing is not allowed")
    const exchanges: Array<Exchange> = []
    for (const send of operation.isSafe ? yield* readRequests(operation) : yield* writeRequests(operation)) {
      const exchange = yield* send
      exchanges.push(exchange)
      if (!isAbsence(exchange.response) && !isRefusal(operation, exchange.response))
        return { _tag: "Implemented", requests: exchanges.length }
    }
    const [exchange] = exchanges
    if (exchange === undefined) return unknown("every request could change data")
    const notFound = exchanges.filter(({ response }) => response.status === 404 || response.status === 401)
    if (notFound.length === 0) return { _tag: "Missing", exchange }
    const reference = yield* sendUnknownPath(operation)
    if (!notFound.every((exchange) => resembles(exchange, reference)))
      return { _tag: "Implemented", requests: exchanges.length + 1 }
    if (reference.response.status === 401) {
      return operation.responses.has(401)
        ? { _tag: "Gated", reason: "the server requires a key for unknown paths too" }
        : { _tag: "Missing", exchange }
    }
    return (yield* isTelling(operation, reference))
      ? { _tag: "Missing", exchange }
      : unknown("the response to an unknown id equals the response to an unknown path")
  })

/**
 * Returns whether a response may mean that an operation is not implemented.
 */
export const isAbsence = ({ status }: Response): boolean => status === 404 || status === 405 || status === 501

// Some servers require a key for every path, also for paths that do not exist.
const isRefusal = ({ access }: ApiOperation, { status }: Response): boolean => status === 401 && access === "none"

// -----------------------------------------------------------------------------
// Requests
// -----------------------------------------------------------------------------

type Sends = ReadonlyArray<Effect.Effect<Exchange, NoResponse, Session>>

// The plainest request, which every law about responses sends as well. For a single resource, requests for known rows.
const readRequests = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description, sendCached } = yield* Session
  const plain = Lifecycle.unknownIdRequest(operation, description.conventions)
  if (operation.params.length === 0) {
    const sends: Sends = [sendCached(plain), Effect.flatMap(Generate.minimal(operation), sendCached)]
    return sends
  }
  const { resources } = yield* KnownRows.knownRowsOf(operation)
  const [first] = resources
  const known = first === undefined ? [] : [first, ...resources.slice(1).slice(1 - rowCount)]
  const sends: Sends = [...known.map(({ name }) => Lifecycle.itemRequest(operation, name)), plain].map(sendCached)
  return sends
})

// A request that changes nothing: for an unknown id, or without required fields. Requests with external inputs are sent
// once for all laws.
const writeRequests = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description, send } = yield* Session
  if (description.conventions.externalInputs?.includes(operation.id) === true) {
    const attempts = yield* Lifecycle.attemptsOf(operation)
    const sends: Sends = attempts.map((attempt) =>
      "exchange" in attempt ? Effect.succeed(attempt.exchange) : Effect.fail(attempt.noResponse)
    )
    return sends
  }
  const request: Request = {
    ...Lifecycle.unknownIdRequest(operation, description.conventions),
    ...(operation.payload === undefined ? {} : { body: { json: {} } })
  }
  const isRefused = operation.payload !== undefined && !Schema.is(Schema.toEncoded(operation.payload))({})
  const sends: Sends = operation.params.length > 0 || isRefused ? [send(request)] : []
  return sends
})

const sendUnknownPath = Effect.fnUntraced(function* ({ access, id, isSafe, method, payload }: ApiOperation) {
  const { send, sendCached } = yield* Session
  const request: Request = {
    operation: id,
    method,
    path: "/effect-workos-no-such-path",
    query: [],
    access,
    ...(payload === undefined ? {} : { body: { json: {} } })
  }
  return yield* isSafe ? sendCached(request) : send(request)
})

// -----------------------------------------------------------------------------
// Decisions
// -----------------------------------------------------------------------------

// A 404 for an unknown id may be equal to the 404 for an unknown path. Such a response tells something only if the server
// has no such resources, or if the body is not the documented one.
const isTelling = Effect.fnUntraced(function* (operation: ApiOperation, reference: Exchange) {
  if (operation.params.length === 0) return true
  const { description } = yield* Session
  if (operation.isSafe && (yield* KnownRows.knownRowsOf(operation)).resources.length > 0) return true
  const documented = (operation.responses.get(404) ?? []).flatMap(({ body }) => (body === undefined ? [] : [body]))
  if (documented.length > 0 && Shape.issues(documented, reference.response.json).length > 0) return true
  const { create, list } = resourceOperationsOf(operation, description)
  const parent = operation.isSafe ? list : (create ?? list)
  return parent !== undefined && parent !== operation && (yield* isMissing(parent))
})

/**
 * Returns whether two responses are equal, except for texts that differ with each request.
 */
const resembles = (one: Exchange, other: Exchange): boolean =>
  one.response.status === other.response.status &&
  typeOf(one.response) === typeOf(other.response) &&
  normalize(one) === normalize(other)

const typeOf = ({ headers }: Response): string => headers["content-type"]?.split(";")[0]?.trim() ?? ""

// Paths are repeated by many servers. Words with digits are request ids and timestamps.
const normalize = ({ request, response }: Exchange): string => {
  const strip = (text: string) => text.replaceAll(request.path, "…").replaceAll(/\S*\d\S*/g, "…")
  const visit = (value: unknown): unknown => {
    if (typeof value === "string") return strip(value)
    if (Array.isArray(value)) return value.map(visit)
    return isRow(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner)])) : value
  }
  return response.json === undefined ? strip(response.text) : JSON.stringify(visit(response.json))
}
