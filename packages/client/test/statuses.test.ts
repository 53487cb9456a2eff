// All statuses that a server or a proxy can send: their retries and their errors.
import { assert, describe, it } from "@effect/vitest"
import { sampleOfEach } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { WorkOs } from "../src/WorkOs.ts"
import { id } from "./samples.ts"
import { runToEnd, server, withClient } from "./scripted-server.ts"

const retried = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530])

const documented = new Map([
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [429, "TooManyRequests"]
])

const outcomeOfStatus = (status: number): string => {
  if (status >= 500 || status === 408 || status === 425) return "ServerError"
  return documented.get(status) ?? "InvalidResponse/UndocumentedStatus"
}

/** All transient statuses, and a sample of those with each other outcome. */
const statuses = sampleOfEach(
  Array.from({ length: 200 }, (_, index) => index + 400),
  (status) => (retried.has(status) ? String(status) : outcomeOfStatus(status)),
  5
)

/** The tag of an error and of its reason, or `ok`. */
const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  const reason = Predicate.hasProperty(error, "reason") ? `/${tagOf(error.reason)}` : ""
  return `${tagOf(error)}${reason}`
}

const tagOf = (value: unknown): string => (Predicate.hasProperty(value, "_tag") ? String(value._tag) : String(value))

const attempt = (status: number, times: number, call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const steps = [...Array.from({ length: times }, () => ({ status })), { status: 200 }]
    const scripted = server(steps)
    const exit = yield* runToEnd(withClient(scripted, call))
    return { outcome: outcomeOf(exit), requests: scripted.received.length }
  })

const get = ({ connections }: WorkOs["Service"]) => connections.get(id)

// A code can be used only once, so its request has no idempotency key.
const exchange = ({ sso }: WorkOs["Service"]) =>
  sso.profileAndToken({ clientId: "client_01HZBC6N1EB1ZY7KG32X", code: Redacted.make("code") })

describe("statuses", () => {
  it.effect(
    "All statuses from 400 to 599 end with their error after one attempt, or after five if they are transient",
    () =>
      Effect.gen(function* () {
        for (const status of statuses) {
          assert.deepStrictEqual(
            yield* attempt(status, 5, get),
            { outcome: outcomeOfStatus(status), requests: retried.has(status) ? 5 : 1 },
            `status ${status}`
          )
        }
      })
  )

  it.effect("Transient statuses that occur once are retried to success", () =>
    Effect.gen(function* () {
      for (const status of retried) {
        assert.deepStrictEqual(yield* attempt(status, 1, get), { outcome: "ok", requests: 2 }, `status ${status}`)
      }
    })
  )

  it.effect(
    "A request that is not safe to retry is retried only after 408 and 429, which mean that it was not applied",
    () =>
      Effect.gen(function* () {
        for (const status of retried) {
          const { requests } = yield* attempt(status, 5, exchange)
          assert.strictEqual(requests, status === 408 || status === 429 ? 5 : 1, `status ${status}`)
        }
      })
  )
})
