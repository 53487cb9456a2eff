// How far a verification is: one line that renews itself in a terminal, a line now and then elsewhere.
import type { Result } from "@effect-workos/contract/Result"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import * as TextTable from "./TextTable.ts"

/**
 * Shows on stderr how many of so many checks are made, while `use` makes them and tells of each.
 */
export const watched = <A, E, R>(
  total: number,
  use: (tell: (result: Result) => Effect.Effect<void>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Stdio.Stdio | Terminal.Terminal> =>
  Effect.scoped(
    Effect.gen(function* () {
      const isTerminal = yield* Stdio.Stdio.use(({ stderrIsTerminal }) => stderrIsTerminal)
      const { columns } = yield* Terminal.Terminal
      const started = yield* Clock.currentTimeMillis
      const counts = { done: 0, failed: 0, drift: 0 }
      let last = ""

      const line = Effect.map(Clock.currentTimeMillis, (now) =>
        [
          ...(isTerminal ? [bar(counts.done / Math.max(1, total))] : []),
          `${counts.done}/${total} checks`,
          ...(counts.failed === 0 ? [] : [`${counts.failed} failed`]),
          ...(counts.drift === 0 ? [] : [`${counts.drift} drift`]),
          `${((now - started) / 1000).toFixed(1)} s`,
          ...(last === "" ? [] : [last])
        ].join("  ")
      )
      const show = Effect.gen(function* () {
        const text = yield* line
        if (isTerminal) return yield* Output.note(`${Progress.clearLine}${TextTable.cut(text, (yield* columns) - 1)}`)
        return yield* Output.note(`${text}\n`)
      })
      if (isTerminal) yield* Effect.addFinalizer(() => Output.note(Progress.clearLine))
      yield* show.pipe(
        Effect.repeat(Schedule.spaced(isTerminal ? "100 millis" : "5 seconds")),
        Effect.delay(isTerminal ? 0 : "5 seconds"),
        Effect.forkScoped
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

const width = 12

const bar = (share: number): string => {
  const full = Math.round(share * width)
  return "█".repeat(full) + "░".repeat(width - full)
}
