/**
 * The Vitest binding: declares one test for each law and operation.
 *
 * @module
 */
import { layer as layerTests, type TestContext } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Contract from "@effect-workos/contract-engine/Contract"
import type { Counterexample } from "@effect-workos/contract-engine/Result"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import * as Selection from "@effect-workos/contract-engine/Selection"
import { checksOf, type Suite } from "@effect-workos/contract-engine/Suite"
import type { Target } from "@effect-workos/contract-engine/Target"

/**
 * Options for `contract`.
 */
export interface Options<E> extends Settings {
  /** The server to verify: a server at a URL, or a server in the same process. */
  readonly target: Layer.Layer<Target, E>
  /** The name of the test group. Defaults to the name of the suite. */
  readonly name?: string | undefined
  /** True if drift fails a test. Defaults to false. */
  readonly strict?: boolean | undefined
}

/**
 * A law failed; the message contains the counterexample.
 *
 * **Example** (Sharing options between tests)
 *
 * ```ts
 * import type * as Vitest from "@effect-workos/contract/Vitest"
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
 *
 * const options: Vitest.Options<never> = {
 *   target: Target.layer({ baseUrl: "http://127.0.0.1:4100" }).pipe(Layer.provide(FetchHttpClient.layer)),
 *   strict: true
 * }
 *
 * const isRelevant = ({ message }: Vitest.LawFailed): boolean => !message.includes("rate limit")
 * ```
 */
export class LawFailed extends Data.TaggedError("LawFailed")<{ readonly message: string }> {}

/**
 * Declares one test for each law and each operation that the law applies to. If a law cannot be checked, its test is
 * skipped, and the note of the test states the reason. Throws a `SelectionError` if the options contain an unknown
 * operation or law.
 *
 * **Example** (Verifying a server in process)
 *
 * ```ts
 * import * as Vitest from "@effect-workos/contract/Vitest"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
 *
 * Vitest.contract(WorkOs.suite, {
 *   runs: 20,
 *   target: WorkOs.layerTarget({
 *     baseUrl: "http://workos.test",
 *     apiKey: Emulator.defaultApiKey
 *   }).pipe(
 *     Layer.provide(Emulator.layerHttpClient()),
 *     Layer.provide(Store.layer({ connections: 100, organizations: 5, seed: 1 }))
 *   )
 * })
 * ```
 */
export const contract = <E>(suite: Suite, { name, strict = false, target, ...settings }: Options<E>): void => {
  // A misspelled name would otherwise declare no tests.
  Result.getOrThrow(Selection.check(suite, settings))
  const checks = checksOf(suite, settings)
  // Servers need real time, not the clock of a test.
  layerTests(Contract.layerSession(suite, settings).pipe(Layer.provide(target)), {
    excludeTestServices: true,
    timeout: "1 minute"
  })(name ?? suite.name, (it) => {
    for (const check of [...checks.filter((check) => !Contract.writes(check)), ...checks.filter(Contract.writes)]) {
      const { law, operation } = check
      it.effect(`${law.id} ${operation.id}: ${law.sentence}`, (context) =>
        Effect.flatMap(Contract.runCheck(suite, check), ({ counterexample, message, notImplemented, status }) => {
          const isLeftOut = settings.implemented === true && notImplemented === true
          if (status === "skipped" || isLeftOut) return skip(context, message)
          return status === "failed" || (status === "drift" && strict)
            ? Effect.fail(new LawFailed({ message: describe(message, counterexample) }))
            : Effect.void
        })
      )
    }
  })
}

// Vitest skips a test by throwing, which Effect would log as an error.
const skip = ({ skip, task }: TestContext, reason: string): Effect.Effect<void> =>
  Effect.ignore(
    Effect.try(() => {
      try {
        skip(reason)
      } finally {
        if (task.result !== undefined) Object.assign(task.result, { note: reason })
      }
    })
  )

const describe = (message: string, counterexample: Counterexample | undefined): string =>
  counterexample === undefined
    ? message
    : [
        message,
        `expected: ${counterexample.expected}`,
        `actual:   ${counterexample.actual}`,
        `curl:     ${counterexample.curl.replaceAll("\n", "\n          ")}`,
        `replay:   ${counterexample.replay}`
      ].join("\n")
