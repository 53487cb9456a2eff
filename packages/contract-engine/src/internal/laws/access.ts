// The laws of access: requests without valid credentials get a 401 and no data.
import * as Effect from "effect/Effect"
import { type ApiConventions, isRow, type Lists } from "../../ApiConventions.ts"
import { describe, excerpt, type Access, type Request, type NoResponse } from "../../Exchange.ts"
import * as Lifecycle from "../../Lifecycle.ts"
import * as Generate from "../Generate.ts"
import * as Sampling from "../../Sampling.ts"
import * as Law from "../../Law.ts"
import type { ApiOperation } from "../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../Session.ts"
import * as KnownRows from "../KnownRows.ts"
import * as KnownValues from "../KnownValues.ts"
import * as Target from "../../Target.ts"

// Sends each of the credentials with minimal and with generated requests.
const requiresUnauthorized =
  (accesses: (credentials: Target.Credentials) => ReadonlyArray<Access>, share = 1) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const { sendCached, credentials, description, send, settings } = yield* Session
      if (credentials === undefined) return Law.skipped("the target has no key")
      const instead = accesses(credentials)
      if (instead.length === 0) return Law.skipped("the credentials have no scheme that could be malformed")
      const { conventions } = description
      const shapes = listShapes(conventions)
      const { resources } = yield* KnownRows.knownRowsOf(operation)
      const lists = KnownValues.ownLists(operation, description)
      const secrets = (yield* Sampling.idsOf(lists, conventions)).filter(isDistinctive).slice(0, 100)

      const check = (request: Request) =>
        Effect.map(operation.isSafe ? sendCached(request) : send(request), ({ response }): Property.CaseResult => {
          const violation = (message: string, expected: string) =>
            Law.violation({
              message: `${describe(request)} ${describeAccess(request.access)} ${message}`,
              requests: [request] as const,
              expected,
              actual: excerpt(response),
              at: { status: response.status }
            })
          if (response.status !== 401) return violation(`returned ${response.status}`, "401")
          const requested = `${request.path} ${request.query.join(" ")}`
          const leaked = secrets.find((id) => response.text.includes(id) && !requested.includes(id))
          if (leaked === undefined && shapes.some((lists) => hasRow(response.json, lists))) {
            return violation("returned a row", "401, without data in its body")
          }
          return leaked === undefined
            ? Property.passed
            : violation(`returned ${leaked}`, "401, without data in its body")
        })

      if (!operation.isSafe) {
        // A server that accepts this request by mistake has nothing to change.
        const request: Request = {
          ...Lifecycle.unknownIdRequest(operation, description.conventions),
          ...(operation.payload === undefined ? {} : { body: { json: {} } })
        }
        return yield* Property.forEach(instead, (access) => check({ ...request, access }))
      }
      const cases = yield* Generate.documented(operation)
      const first = Property.forEach(instead, (access) =>
        check({ ...minimalRequest(operation, description.conventions, resources[0]?.name), access })
      )
      return yield* Property.all(
        first,
        Property.forAll(
          cases,
          (request) => check({ ...request, access: instead[request.query.length % instead.length] ?? "none" }),
          { seed: `${operation.id} documented`, runs: Math.ceil(settings.runs * share) }
        )
      )
    })

const listShapes = ({ lists, listsOf = {} }: ApiConventions): ReadonlyArray<Lists> => [
  ...(lists === undefined ? [] : [lists]),
  ...Object.values(listsOf)
]

// A short id may occur in a body by coincidence.
const isDistinctive = (id: string) => id.length > 5

// An object with an id may be an error. An object with an id and a creation timestamp is a row.
const hasRow = (value: unknown, lists: Lists): boolean => {
  if (Array.isArray(value)) return value.some((inner) => hasRow(inner, lists))
  if (!isRow(value)) return false
  const isOne = lists.id in value && (lists.created === undefined || lists.created in value)
  return isOne || Object.values(value).some((inner) => hasRow(inner, lists))
}

// The plainest request, for an existing resource if one is known.
const minimalRequest = (operation: ApiOperation, conventions: ApiConventions, name: string | undefined): Request =>
  name === undefined ? Lifecycle.unknownIdRequest(operation, conventions) : Lifecycle.itemRequest(operation, name)

const describeAccess = (access: Access): string => {
  if (access === "none") return "without a key"
  return access === "granted" ? "with the key" : `with "${access.shown}"`
}

const isProtected = ({ isProtected }: ApiOperation) => isProtected

const noKey: Law.Law = {
  id: "access/no-key",
  sentence: "Without a key, every protected operation returns 401 without data.",
  source: Law.expected("A protected operation authenticates a request before anything else."),
  severity: "error",
  appliesTo: isProtected,
  check: requiresUnauthorized(() => ["none"])
}

const wrongKey: Law.Law = {
  id: "access/wrong-key",
  sentence: "With a wrong key, every protected operation returns 401 without data.",
  source: Law.expected("A server compares keys in full."),
  severity: "error",
  appliesTo: isProtected,
  check: requiresUnauthorized(Target.wrongKeys, 1 / 2)
}

const malformedHeader: Law.Law = {
  id: "access/malformed-header",
  sentence: "With malformed credentials, every protected operation returns 401 without data.",
  source: Law.expected("A key is valid only in the documented form."),
  severity: "error",
  appliesTo: isProtected,
  check: requiresUnauthorized(Target.malformedHeaders, 1 / 2)
}

/**
 * The laws of access.
 */
export const access: ReadonlyArray<Law.Law> = [noKey, wrongKey, malformedHeader]
