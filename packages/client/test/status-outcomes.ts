// The outcomes of all statuses for an operation, for tests of every operation.
import * as Effect from "effect/Effect"
import type { WorkOs } from "../src/WorkOs.ts"
import { withClient, runToEnd, server } from "./scripted-server.ts"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** The documented errors, by status. */
const tags: ReadonlyMap<number, string> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [422, "UnprocessableEntity"],
  [429, "TooManyRequests"]
])

/** The expected outcome of each status, if only the given ones are documented for an operation. */
export const expectedOutcomes = (documented: ReadonlyArray<number>): ReadonlyArray<string> =>
  [...tags].map(([status, tag]) => (documented.includes(status) ? tag : "InvalidResponse/UndocumentedStatus"))

/** The actual outcome of each status, in the same order. */
export const actualOutcomes = (call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>) =>
  Effect.forEach(tags.keys(), (status) => Effect.map(runToEnd(withClient(server([{ status }]), call)), outcomeOf))

/** The tag of an error and of its reason, or `ok`. */
export const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  const reason = Predicate.hasProperty(error, "reason") ? `/${tagOf(error.reason)}` : ""
  return `${tagOf(error)}${reason}`
}

const tagOf = (value: unknown): string => (Predicate.hasProperty(value, "_tag") ? String(value._tag) : String(value))
