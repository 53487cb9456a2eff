// The progress of an export, as text and as JSON.
import { assert, describe, it } from "@effect/vitest"
import { RateLimit } from "@effect-workos/client/RateLimit"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { TestClock } from "effect/testing"
import * as Progress from "../src/Progress.ts"
import * as StatusLine from "../src/StatusLine.ts"

/** Runs an export of 1,000 rows in ten seconds, and returns its output and its final counters. */
const written = Effect.fnUntraced(function* (
  options: { readonly terminal: boolean; readonly json: boolean },
  start: Partial<Progress.Counts> = {},
  waited = Duration.zero
) {
  let text = ""
  const stderr = Sink.forEach((chunk: string | Uint8Array) => Effect.sync(() => void (text += String(chunk))))
  const layer = Layer.mergeAll(
    Layer.succeed(
      Terminal.Terminal,
      Terminal.make({
        columns: Effect.succeed(40),
        rows: Effect.succeed(20),
        size: Effect.die("unused"),
        readInput: Effect.die("unused"),
        readLine: Effect.die("unused"),
        display: () => Effect.die("unused")
      })
    ),
    Stdio.layerTest({ stderr: () => stderr, stderrIsTerminal: Effect.succeed(options.terminal) }),
    ConfigProvider.layer(ConfigProvider.fromEnvRecord({})),
    Layer.succeed(RateLimit, {
      withLimits: () => Effect.die("unused"),
      onResponse: () => Effect.die("unused"),
      delayMillis: () => 0,
      totalWait: Effect.succeed(waited)
    })
  )
  const counts = { ...Progress.none(), ...start }
  const counting = Effect.gen(function* () {
    for (let second = 0; second < 10; second++) {
      yield* Effect.sleep("1 second")
      counts.rows += 100
      counts.requests += 1
    }
  })
  const exporting = Progress.withProgress(counting, counts, options.json)
  const fiber = yield* Effect.forkChild(Effect.provide(exporting, layer))
  yield* TestClock.adjust("10 seconds")
  const count = yield* Fiber.join(fiber)
  return { text, count }
})

describe("Progress", () => {
  it.effect("Progress prints a line every five seconds if stderr is a file or a pipe", () =>
    Effect.gen(function* () {
      const { text } = yield* written({ terminal: false, json: false })
      assert.match(text, /^[45]00 rows {2}\d+ rows\/s {2}[45] requests {2}5\.0 s\n/)
      assert.notInclude(text, "\u001B")
    })
  )

  it.effect("Progress updates one line in a terminal, and clears this line at the end", () =>
    Effect.gen(function* () {
      const { text } = yield* written({ terminal: true, json: false }, { expected: 1000 })
      const lines = text.split(StatusLine.clear)
      assert.isAtLeast(lines.length, 90)
      assert.notInclude(text, "\n")
      assert.isTrue(text.endsWith(StatusLine.clear))
      assert.isTrue(lines.every((line) => line.length < 40))
      assert.include(text, "██████░░░░░░  500 rows of 1,000  ")
    })
  )

  it.effect("Progress prints a line of JSON every second with --json, in a terminal too", () =>
    Effect.gen(function* () {
      const { text } = yield* written({ terminal: true, json: true }, {}, Duration.millis(1500))
      const counts = text
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line))
      assert.isAtLeast(counts.length, 9)
      assert.deepInclude(counts[0], { resumed: 0, expected: null, seconds: 1, waited: 1.5 })
    })
  )

  it.effect("Progress shows the waiting time of requests, and the remaining time if the number of rows is known", () =>
    Effect.gen(function* () {
      const { count, text } = yield* written(
        { terminal: false, json: false },
        { rows: 2000, resumed: 2000, expected: 4000 },
        Duration.seconds(2)
      )
      assert.match(
        text,
        /^2,[45]00 rows of 4,000 {2}(15|20)\.0 s left {2}(80|100) rows\/s {2}[45] requests {2}5\.0 s \(2\.0 s waiting\)\n/
      )
      // Rows of the interrupted export do not count towards the speed.
      assert.strictEqual(
        Progress.describe({ ...count, expected: undefined }),
        "3,000 rows  100 rows/s  10 requests  10.0 s (2.0 s waiting)"
      )
      assert.strictEqual(Progress.effort(count), "10.0 s (2.0 s waiting for the rate limit): 10 requests, 100 rows/s")
    })
  )
})
