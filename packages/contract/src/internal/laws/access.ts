// Access: who may not ask gets a 401, and nothing else.
import * as Effect from "effect/Effect"
import { type Convention, isRow, type Lists } from "../../Convention.ts"
import { describe, excerpt, type Access, type Request, type Unanswered } from "../../Exchange.ts"
import * as Exercise from "../Exercise.ts"
import * as Generate from "../Generate.ts"
import * as Harvest from "../Harvest.ts"
import * as Law from "../../Law.ts"
import type { Operation } from "../../Operation.ts"
import * as Property from "../Property.ts"
import { Session } from "../../Session.ts"
import * as Shown from "../Shown.ts"
import * as Target from "../../Target.ts"

// With each of these credentials, and generated requests.
const refused =
  (accesses: (credentials: Target.Credentials) => ReadonlyArray<Access>) =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const { ask, credentials, description, send } = yield* Session
      if (credentials === undefined) return Law.notExercised("no key was given to compare with")
      const instead = accesses(credentials)
      if (instead.length === 0) return Law.notExercised("keys of this API have no form that could be wrong")
      const rows = yield* Harvest.rowsOf(description.operations, description.convention.lists)
      const { lists } = description.convention
      const { shown } = yield* Shown.shownTo(operation)
      const secrets = lists === undefined ? [] : rows.slice(0, 100).map((row) => String(row[lists.id]))

      const check = (request: Request) =>
        Effect.map(operation.isSafe ? ask(request) : send(request), ({ answer }): Property.Verdict => {
          const violation = (message: string, expected: string) => ({
            message: `${describe(request)} ${tellAccess(request.access)} ${message}`,
            requests: [request] as const,
            expected,
            actual: excerpt(answer)
          })
          if (answer.status !== 401) return violation(`was answered with ${answer.status}`, "401")
          const asked = `${request.path} ${request.query.join(" ")}`
          const leaked = secrets.find((id) => answer.text.includes(id) && !asked.includes(id))
          if (leaked === undefined && lists !== undefined && hasRow(answer.json, lists)) {
            return violation("was answered with a row", "401, with no data in its body")
          }
          return leaked === undefined
            ? "holds"
            : violation(`was answered with ${leaked}`, "401, with no data in its body")
        })

      if (!operation.isSafe) {
        // Should such a request be let through, it must find nothing to change.
        const request: Request = {
          ...Exercise.nothingRequest(operation, description.convention),
          ...(operation.payload === undefined ? {} : { body: { json: {} } })
        }
        return yield* Property.forEach(instead, (access) => check({ ...request, access }))
      }
      const cases = yield* Generate.documented(operation)
      const first = Property.forEach(instead, (access) =>
        check({ ...bare(operation, description.convention, shown[0]?.name), access })
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
const bare = (operation: Operation, convention: Convention, name: string | undefined): Request =>
  name === undefined ? Exercise.nothingRequest(operation, convention) : Exercise.itemRequest(operation, name)

const tellAccess = (access: Access): string => {
  if (access === "none") return "without a key"
  return access === "granted" ? "with the key" : `with "${access.shown}"`
}

const isProtected = ({ isProtected }: Operation) => isProtected

const noKey: Law.Law = {
  id: "access/no-key",
  sentence: "Without a key, every operation answers 401, with no data in the body.",
  source: Law.expected("A protected operation asks who is there before anything else."),
  severity: "error",
  appliesTo: isProtected,
  check: refused(() => ["none"])
}

const wrongKey: Law.Law = {
  id: "access/wrong-key",
  sentence: "With a key that is not the key, every operation answers 401, with no data in the body.",
  source: Law.expected("Keys are compared in full."),
  severity: "error",
  appliesTo: isProtected,
  check: refused(Target.wrongKeys)
}

const malformedHeader: Law.Law = {
  id: "access/malformed-header",
  sentence:
    "With credentials that are not of the documented form, every operation answers 401, with no data in the body.",
  source: Law.expected("A key that does not come the documented way does not count."),
  severity: "error",
  appliesTo: isProtected,
  check: refused(Target.malformed)
}

/**
 * The laws of access.
 */
export const access: ReadonlyArray<Law.Law> = [noKey, wrongKey, malformedHeader]
