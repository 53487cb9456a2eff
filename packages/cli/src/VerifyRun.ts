// Runs `verify`: checks its arguments, and verifies the server.
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
import { checksOf } from "@effect-workos/contract-engine/Suite"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import * as Terminal from "./Terminal.ts"
import * as ReplayRun from "./ReplayRun.ts"
import * as Setting from "./Setting.ts"
import * as VerifyListing from "./VerifyListing.ts"
import * as VerifyConfig from "./VerifyConfig.ts"
import * as VerifyOutput from "./VerifyOutput.ts"
import * as VerifyProgress from "./VerifyProgress.ts"
import * as VerifyRecording from "./VerifyRecording.ts"
import * as VerifySelection from "./VerifySelection.ts"
import { settings } from "./VerifySettings.ts"
import * as VerifySubject from "./VerifySubject.ts"
import * as VerifyTraffic from "./VerifyTraffic.ts"

/**
 * The flags of one invocation.
 */
export interface Flags {
  readonly settings: Setting.FlagValues<typeof settings>
  readonly config: Option.Option<string>
  readonly yesProduction: boolean
  readonly updateBaseline: boolean
  readonly replay: Option.Option<string>
  readonly list: boolean
  readonly record: Option.Option<string>
  readonly traffic: Option.Option<string>
}

/**
 * Verifies a server, prints the result, and writes report files.
 */
export const verify = Effect.fnUntraced(function* (flags: Flags) {
  const loaded = yield* VerifyConfig.load(flags.config)
  const { config } = loaded
  const values = Setting.resolve(settings, flags.settings, config)
  const { archive, suite, target } = yield* VerifySubject.make(values, config)
  const selection = yield* VerifySelection.check(suite, values, flags.settings, loaded)
  if (flags.list) {
    const { columns } = yield* Terminal.stdout
    return yield* Output.results(Stream.succeed(VerifyListing.render(suite, { selection, runs: values.runs, columns })))
  }
  const report = yield* VerifyOutput.prepare(values, flags.updateBaseline, Option.toArray(flags.record))
  if (Option.isSome(flags.traffic)) {
    if (Option.isSome(flags.record)) return yield* Failure.refuse("--traffic sends no requests. Remove --record.")
    return yield* report(
      yield* VerifyTraffic.verify(flags.traffic.value, selection, yield* archive, VerifySubject.flagsOf(values))
    )
  }
  const subject = yield* target({ config, yesProduction: flags.yesProduction })
  const engineSettings = {
    seed: values.seed,
    runs: values.runs,
    writes: values.writes,
    implemented: values.implemented,
    ...selection,
    timeBudget: values.timeBudget * 1000,
    clientId: subject.clientId,
    workers: values.workers,
    maxRate: values.maxRate,
    defaultRate: subject.defaultRate
  }
  if (Option.isSome(flags.replay)) {
    const recorded = yield* ReplayRun.read(flags.replay.value)
    return yield* Effect.provide(ReplayRun.replay(subject.suite, recorded, engineSettings), subject.layer)
  }
  const known = yield* VerifyOutput.readBaseline(values.baseline, flags.updateBaseline)
  const stopReason = VerifyOutput.stopReason(known, values)
  const terminal = yield* Effect.context<Terminal.Services>()
  const onStart = ({ millis, requests }: Contract.Estimate) =>
    Output.message(`Expected: about ${Formatting.count(requests, "request")} in ${Formatting.duration(millis)}.`).pipe(
      Effect.provideContext(terminal)
    )
  const run = (stopWhen: Effect.Effect<string>) => (observer: Contract.Observer) =>
    VerifyProgress.show(checksOf(subject.suite, selection).length, (onResult) =>
      Contract.verify(subject.suite, engineSettings, { ...observer, onResult, onStart, stopReason, stopWhen })
    )
  return yield* reportInAnyCase(
    (stopWhen) =>
      Effect.provide(
        Option.match(flags.record, {
          onNone: () => run(stopWhen)({}),
          onSome: (file) => VerifyRecording.record(file, run(stopWhen))
        }),
        subject.layer
      ),
    report
  )
})

// An interruption ends the run early, and the report contains the checks that have ended.
const reportInAnyCase = <A, E, E2, R, R2>(
  run: (stopWhen: Effect.Effect<string>) => Effect.Effect<A, E, R>,
  report: (found: A) => Effect.Effect<void, E2, R2>
): Effect.Effect<void, E | E2, R | R2> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const signal = yield* Deferred.make<string>()
      const running = yield* Effect.forkChild(Effect.interruptible(run(Deferred.await(signal))))
      const stop = Effect.gen(function* () {
        yield* Deferred.succeed(signal, "the process received a signal")
        yield* report(yield* Fiber.join(running))
      })
      const found = yield* Effect.onInterrupt(restore(Fiber.join(running)), () => Effect.ignore(stop))
      return yield* restore(report(found))
    })
  )
