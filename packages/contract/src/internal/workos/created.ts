// Organizations of a run's own, and what is in them: for laws that need some.
import * as Effect from "effect/Effect"
import type { Row } from "../../ApiConventions.ts"
import { describe, type Exchange, excerpt, type Request, type NoResponse } from "../../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import * as Law from "../../Law.ts"
import type { ApiOperation } from "../../ApiOperation.ts"
import * as Property from "../Property.ts"
import { resourceOperationsOf } from "../ResourceOperations.ts"
import { Session } from "../../Session.ts"

/**
 * Something that this run has created.
 */
export interface Created {
  readonly id: string
  readonly row: Row
  readonly removal: Request
  readonly exchange: Exchange
}

/**
 * The operation of this id. There is one, since the laws of WorkOS are about WorkOS.
 */
export const operation = (id: string): Effect.Effect<ApiOperation, never, Session> =>
  Effect.flatMap(Session, ({ description }) => {
    const found = description.operations.find((operation) => operation.id === id)
    return found === undefined ? Effect.die(new Error(`The suite has no operation ${id}`)) : Effect.succeed(found)
  })

/**
 * Asks for one resource now, with a body where one is given.
 */
export const send = Effect.fnUntraced(function* (id: string, about: string, json?: unknown) {
  const session = yield* Session
  const request = Lifecycle.itemRequest(yield* operation(id), about)
  return yield* session.send(json === undefined ? request : { ...request, body: { json } })
})

/**
 * Creates a resource of a group, or says why it can't be.
 */
export const create = Effect.fnUntraced(function* (group: string, body: Row) {
  const { description } = yield* Session
  const resource = resourceOperationsOf(yield* operation(`${group}.create`), description)
  if (!Lifecycle.isCreatable(resource)) return { reason: "nothing of its kind can be created" }
  return yield* Lifecycle.createOrReason(resource, body)
})

/**
 * A law about organizations: some are created for it, and deleted whatever comes of it. Each has what `body` says, and a
 * name that nothing else has.
 */
export const forEachOrganization = (
  bodies: ReadonlyArray<Row>,
  check: (own: Created, index: number) => Effect.Effect<Property.CaseResult, NoResponse, Session>,
  inconclusive?: string
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    let reason = inconclusive
    const session = yield* Session
    const finding = yield* Property.forEach(bodies.entries(), ([index, body]) =>
      Effect.gen(function* () {
        const own = yield* create("organizations", body)
        if (own.reason !== undefined) {
          reason = own.reason
          return "inconclusive"
        }
        return yield* Effect.ensuring(
          check(own, index),
          Effect.suspend(() =>
            session.pendingDeletions.has(own.id) ? Effect.ignore(Lifecycle.remove(own.removal, own.id)) : Effect.void
          )
        )
      })
    )
    return finding._tag === "Skipped" && reason !== undefined ? Law.skipped(reason) : finding
  })

/**
 * A case in which a law does not hold: what the last of these exchanges was answered.
 */
export const violation = (
  message: string,
  expected: string,
  exchanges: readonly [Exchange, ...Array<Exchange>],
  actual?: string
): Law.Violation => {
  const [first, ...rest] = exchanges
  const last = rest.at(-1) ?? first
  return {
    message: `${describe(last.request)} ${message}`,
    requests: [first.request, ...rest.map(({ request }) => request)],
    expected,
    actual: actual ?? excerpt(last.response)
  }
}
