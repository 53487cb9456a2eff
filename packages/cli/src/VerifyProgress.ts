// Shows the progress of `verify`.
import type { Result } from "@effect-workos/contract-engine/Result"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as StatusLine from "./StatusLine.ts"
import type * as Terminal from "./Terminal.ts"

/**
 * Shows on stderr the number of completed checks out of `total`. `use` runs the checks and reports each of them.
 */
export const show = <A, E, R>(
  total: number,
  use: (report: (result: Result) => Effect.Effect<void>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Terminal.Services> =>
  Effect.scoped(
    Effect.gen(function* () {
      const started = yield* Clock.currentTimeMillis
      const counts = { done: 0, failed: 0, drift: 0 }
      let last = ""

      yield* StatusLine.showWhileOpen((isTerminal) =>
        Effect.map(Clock.currentTimeMillis, (now) =>
          [
            ...(isTerminal ? [StatusLine.bar(counts.done / Math.max(1, total))] : []),
            `${counts.done}/${total} checks`,
            ...(counts.failed === 0 ? [] : [`${counts.failed} failed`]),
            ...(counts.drift === 0 ? [] : [`${counts.drift} drift`]),
            `${((now - started) / 1000).toFixed(1)} s`,
            ...(last === "" ? [] : [last])
          ].join("  ")
        )
      )
      return yield* use(({ law, operation, status }) =>
        Effect.sync(() => {
          counts.done++
          if (status === "failed") counts.failed++
          if (status === "drift") counts.drift++
          last = `${law} ${operation}`
        })
      )
    })
  )
