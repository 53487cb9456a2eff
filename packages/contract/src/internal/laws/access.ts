// Access: who may not ask gets a 401, and nothing else.
import * as Effect from "effect/Effect"
import { type ApiConventions, isRow, type Lists } from "../../ApiConventions.ts"
import { describe, excerpt, type Access, type Request, type NoResponse } from "../../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import * as Generate from "../Generate.ts"
import * as Sampling from "../Sampling.ts"
import * as Law from "../../Law.ts"
import type { ApiOperation } from "../../ApiOperation.ts"
import * as Property from "../Property.ts"
import { Session } from "../../Session.ts"
import * as KnownRows from "../KnownRows.ts"
import * as Target from "../../Target.ts"

// With each of these credentials, and generated requests.
const requiresUnauthorized =
  (accesses: (credentials: Target.Credentials) => ReadonlyArray<Access>) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const { sendCached, credentials, description, send } = yield* Session
      if (credentials === undefined) return Law.skipped("no key was given to compare with")
      const instead = accesses(credentials)
      if (instead.length === 0) return Law.skipped("keys of this API have no form that could be wrong")
      const rows = yield* Sampling.rowsOf(description.operations, description.conventions.lists)
      const { lists } = description.conventions
      const { shown } = yield* KnownRows.knownRowsOf(operation)
      const secrets = lists === undefined ? [] : rows.slice(0, 100).map((row) => String(row[lists.id]))

      const check = (request: Request) =>
        Effect.map(operation.isSafe ? sendCached(request) : send(request), ({ response }): Property.CaseResult => {
          const violation = (message: string, expected: string) => ({
            message: `${describe(request)} ${describeAccess(request.access)} ${message}`,
            requests: [request] as const,
            expected,
            actual: excerpt(response)
          })
          if (response.status !== 401) return violation(`was answered with ${response.status}`, "401")
          const asked = `${request.path} ${request.query.join(" ")}`
          const leaked = secrets.find((id) => response.text.includes(id) && !asked.includes(id))
          if (leaked === undefined && lists !== undefined && hasRow(response.json, lists)) {
            return violation("was answered with a row", "401, with no data in its body")
          }
          return leaked === undefined
            ? "passed"
            : violation(`was answered with ${leaked}`, "401, with no data in its body")
        })

      if (!operation.isSafe) {
        // Should such a request be let through, it must find nothing to change.
        const request: Request = {
          ...Lifecycle.unknownIdRequest(operation, description.conventions),
          ...(operation.payload === undefined ? {} : { body: { json: {} } })
        }
        return yield* Property.forEach(instead, (access) => check({ ...request, access }))
      }
      const cases = yield* Generate.documented(operation)
      const first = Property.forEach(instead, (access) =>
        check({ ...minimalRequest(operation, description.conventions, shown[0]?.name), access })
      )
      return yield* Property.all(
        first,
        Property.forAll(
          cases,
          (request) => check({ ...request, access: instead[request.query.length % instead.length] ?? "none" }),
          { seed: `${operation.id} documented` }
        )
      )
    })

// An error may have an id of its own; what says when it was created as well is a row.
const hasRow = (value: unknown, lists: Lists): boolean => {
  if (Array.isArray(value)) return value.some((inner) => hasRow(inner, lists))
  if (!isRow(value)) return false
  const isOne = lists.id in value && (lists.created === undefined || lists.created in value)
  return isOne || Object.values(value).some((inner) => hasRow(inner, lists))
}

// The plainest request, about something that exists.
const minimalRequest = (operation: ApiOperation, conventions: ApiConventions, name: string | undefined): Request =>
  name === undefined ? Lifecycle.unknownIdRequest(operation, conventions) : Lifecycle.itemRequest(operation, name)

const describeAccess = (access: Access): string => {
  if (access === "none") return "without a key"
  return access === "granted" ? "with the key" : `with "${access.shown}"`
}

const isProtected = ({ isProtected }: ApiOperation) => isProtected

const noKey: Law.Law = {
  id: "access/no-key",
  sentence: "Without a key, every operation responses 401, with no data in the body.",
  source: Law.expected("A protected operation asks who is there before anything else."),
  severity: "error",
  appliesTo: isProtected,
  check: requiresUnauthorized(() => ["none"])
}

const wrongKey: Law.Law = {
  id: "access/wrong-key",
  sentence: "With a key that is not the key, every operation responses 401, with no data in the body.",
  source: Law.expected("Keys are compared in full."),
  severity: "error",
  appliesTo: isProtected,
  check: requiresUnauthorized(Target.wrongKeys)
}

const malformedHeader: Law.Law = {
  id: "access/malformed-header",
  sentence:
    "With credentials that are not of the documented form, every operation responses 401, with no data in the body.",
  source: Law.expected("A key that does not come the documented way does not count."),
  severity: "error",
  appliesTo: isProtected,
  check: requiresUnauthorized(Target.malformedHeaders)
}

/**
 * The laws of access.
 */
export const access: ReadonlyArray<Law.Law> = [noKey, wrongKey, malformedHeader]
