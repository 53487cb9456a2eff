// What becomes of each status in an operation, for tests that ask it of all of them.
import * as Effect from "effect/Effect"
import type { WorkOs } from "../src/WorkOs.ts"
import { asking, ended, server } from "./scripted.ts"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** The errors that WorkOS documents for one operation or another, by status. */
const tags: ReadonlyMap<number, string> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [422, "UnprocessableEntity"],
  [429, "TooManyRequests"]
])

/** What has to come of each of them where just these are documented. */
export const outcomes = (documented: ReadonlyArray<number>): ReadonlyArray<string> =>
  [...tags].map(([status, tag]) => (documented.includes(status) ? tag : "InvalidResponse/UndocumentedStatus"))

/** What comes of each of them, in the same order. */
export const outcomesOf = (call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>) =>
  Effect.forEach(tags.keys(), (status) => Effect.map(ended(asking(server([{ status }]), call)), outcomeOf))

/** An error's tag, with its reason's, or `ok`. */
export const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  const reason = Predicate.hasProperty(error, "reason") ? `/${tagOf(error.reason)}` : ""
  return `${tagOf(error)}${reason}`
}

const tagOf = (value: unknown): string => (Predicate.hasProperty(value, "_tag") ? String(value._tag) : String(value))
