/**
 * Verification of recorded traffic: applies the laws that need no further requests to the entries of an archive.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { ApiOperation } from "./ApiOperation.ts"
import { curl, pathAndQuery, type ShownCredentials } from "./Exchange.ts"
import type * as Har from "./Har.ts"
import * as Kind from "./internal/Kind.ts"
import * as PathPattern from "./internal/PathPattern.ts"
import * as RecordedExchange from "./internal/RecordedExchange.ts"
import { faultsOf, type Law, type ResponseCheck } from "./Law.ts"
import * as Redaction from "./Redaction.ts"
import { type Report, summarize } from "./Report.ts"
import * as Groups from "./report/Groups.ts"
import type * as LawResult from "./Result.ts"
import { hasOperation } from "./Selection.ts"
import type { SelectionOptions } from "./Settings.ts"
import { lawsOf, type Suite } from "./Suite.ts"
import type { DecodeBody } from "./Target.ts"

/**
 * Settings of a verification.
 *
 * **Details**
 *
 * - `operations`, `excludeOperations`, `laws`, `excludeLaws`: the operations and laws to check. Default to all.
 * - `baseUrl`: only requests to URLs that begin with this URL are judged. Defaults to requests to any host.
 * - `credentials`: the header with the credentials, as `curl` commands show it.
 * - `decodeBody`: decodes compressed bodies, which some programs record without decoding.
 * - `redaction`: secrets that the verification knows. Other secrets are redacted in any case.
 * - `replay`: returns the command that finds a violation again. `position` is the number of the entry, from 1 on.
 */
export interface Settings extends SelectionOptions {
  readonly baseUrl?: string | undefined
  readonly credentials?: ShownCredentials | undefined
  readonly decodeBody?: DecodeBody | undefined
  readonly redaction?: Redaction.Options | undefined
  readonly replay?:
    | ((found: { readonly law: string; readonly operation: string; readonly position: number }) => string)
    | undefined
}

/**
 * The reason why an entry was not judged.
 *
 * **Details**
 *
 * - `foreign`: no operation is documented for the method and the path.
 * - `unselected`: the settings exclude the operation.
 * - `no-response`: the request got no response.
 * - `incomplete`: the headers or the body of the response were not recorded.
 * - `not-modified`: the response is a 304, which refers to an earlier response.
 * - `rate-limited`: the response is a 429.
 * - `malformed`: the entry is not a recorded exchange.
 */
export type Ignored =
  | "foreign"
  | "unselected"
  | "no-response"
  | "incomplete"
  | "not-modified"
  | "rate-limited"
  | "malformed"

/**
 * The number of judged entries, and of ignored ones by reason.
 */
export type Counts = Readonly<Record<Ignored | "judged", number>>

/** A law that judges single responses. */
type PureLaw = Law & { readonly response: ResponseCheck }

type Verdict = ReturnType<ResponseCheck>

interface Tally {
  readonly law: PureLaw
  readonly runs: number
  /** The smallest case of each kind. */
  readonly failures: ReadonlyArray<Failure>
}

interface Failure {
  readonly weight: number
  readonly found: LawResult.OtherCase
  readonly replay: string
}

/**
 * The judgement on the entries so far.
 */
export interface Traffic {
  readonly counts: Counts
  readonly tallies: ReadonlyMap<ApiOperation, ReadonlyArray<Tally>>
}

/**
 * The judgement before the first entry.
 */
export const empty: Traffic = {
  counts: {
    judged: 0,
    foreign: 0,
    unselected: 0,
    "no-response": 0,
    incomplete: 0,
    "not-modified": 0,
    "rate-limited": 0,
    malformed: 0
  },
  tallies: new Map()
}

/**
 * Judges one entry: returns the judgement that includes the entry, and the results of laws that fail for the first time.
 */
export type Judge = (traffic: Traffic, entry: Har.Entry) => readonly [Traffic, ReadonlyArray<LawResult.Result>]

/**
 * Returns the function that judges entries.
 *
 * **Example** (Printing violations while a proxy runs)
 *
 * ```ts
 * import type * as Har from "@effect-workos/contract-engine/Har"
 * import type { Suite } from "@effect-workos/contract-engine/Suite"
 * import * as Traffic from "@effect-workos/contract-engine/Traffic"
 * import * as Console from "effect/Console"
 * import * as Effect from "effect/Effect"
 * import * as Ref from "effect/Ref"
 *
 * const settings: Traffic.Settings = { baseUrl: "https://staging.example.com" }
 *
 * const observer = (suite: Suite) => {
 *   const judge: Traffic.Judge = Traffic.makeJudge(suite, settings)
 *   const state = Ref.makeUnsafe<Traffic.Traffic>(Traffic.empty)
 *   return (entry: Har.Entry) =>
 *     Effect.gen(function* () {
 *       const [next, violations] = judge(yield* Ref.get(state), entry)
 *       yield* Ref.set(state, next)
 *       yield* Effect.forEach(violations, ({ law, message }) => Console.error(`${law}: ${message}`))
 *     })
 * }
 * ```
 */
export const makeJudge = (suite: Suite, settings: Settings = {}): Judge => {
  const { baseUrl, credentials, redaction } = settings
  const match = PathPattern.matcher(suite.operations, baseUrl)
  const laws = lawsOf(suite, settings).filter(isPure)
  const isSelected = hasOperation(settings)
  const talliesFor = (operation: ApiOperation): ReadonlyArray<Tally> =>
    laws.filter((law) => law.appliesTo(operation, suite)).map((law) => ({ law, runs: 0, failures: [] }))
  const add = (tally: Tally, verdict: Verdict, exchange: RecordedExchange.Recorded, position: number): Tally => {
    const runs = tally.runs + 1
    const { request, response } = exchange
    if (verdict._tag !== "Violation") return { ...tally, runs }
    const weight = response.text.length + pathAndQuery(request).length
    const replay =
      settings.replay?.({ law: tally.law.id, operation: request.operation, position }) ?? `entry ${position}`
    const found = faultsOf(verdict).map((fault): Failure => {
      const { actual, at, expected, message } = fault
      const evidence = { curl: curl(request, exchange.origin, credentials), expected, actual, kind: Kind.of(fault) }
      return { weight, replay, found: { message, ...evidence, ...(at === undefined ? {} : { at }) } }
    })
    return { ...tally, runs, failures: smallestOf([...tally.failures, ...found]) }
  }

  return (traffic, entry) => {
    const matched = match(entry.request.method, entry.request.url)
    if (matched === undefined) return [count(traffic, "foreign"), []]
    if (!isSelected(matched.operation)) return [count(traffic, "unselected"), []]
    const readable = RecordedExchange.withText(entry, settings.decodeBody)
    if (typeof readable === "string") return [count(traffic, readable), []]
    const { operation } = matched
    const clean = Redaction.redact(readable, redaction)
    const exchange = RecordedExchange.toExchange(clean, matched, credentials)
    const position = total(traffic.counts) + 1
    const judged = (traffic.tallies.get(operation) ?? talliesFor(operation)).map((tally) => {
      const verdict = tally.law.response(exchange, operation, suite)
      return { before: tally, tally: verdict._tag === "Inconclusive" ? tally : add(tally, verdict, exchange, position) }
    })
    const tallies = new Map(traffic.tallies).set(
      operation,
      judged.map(({ tally }) => tally)
    )
    const violations = judged
      .filter(({ before, tally }) => before.failures.length === 0 && tally.failures.length > 0)
      .map(({ tally }) => resultOf(operation, tally))
    return [{ ...count(traffic, "judged"), tallies }, violations]
  }
}

// The smallest response that shows a kind of violation is its counterexample.
const smallestOf = (failures: ReadonlyArray<Failure>): ReadonlyArray<Failure> =>
  Array.from(Groups.by(failures, ({ found }) => found.kind ?? "").values()).flatMap((ofKind) =>
    ofKind.toSorted((a, b) => a.weight - b.weight).slice(0, 1)
  )

const isPure = (law: Law): law is PureLaw => law.response !== undefined

const count = (traffic: Traffic, kind: keyof Counts): Traffic => ({
  ...traffic,
  counts: { ...traffic.counts, [kind]: traffic.counts[kind] + 1 }
})

/**
 * Counts an entry that is not a recorded exchange.
 */
export const addMalformed = (traffic: Traffic): Traffic => count(traffic, "malformed")

/**
 * Returns the number of entries.
 */
export const total = (counts: Counts): number => Object.values(counts).reduce((sum, one) => sum + one, 0)

const resultOf = (operation: ApiOperation, { failures: [first, ...others], law, runs }: Tally): LawResult.Result => {
  const base = {
    law: law.id,
    operation: operation.id,
    runs,
    requests: runs,
    sentence: law.sentence,
    source: law.source
  }
  if (first !== undefined) {
    const { message, ...evidence } = first.found
    return {
      ...base,
      status: law.severity === "drift" ? "drift" : "failed",
      message,
      counterexample: { ...evidence, replay: first.replay },
      ...(others.length === 0 ? {} : { others: others.map(({ found }) => found) }),
      ...(law.impliedBy === undefined ? {} : { impliedBy: law.impliedBy })
    }
  }
  return runs === 0
    ? { ...base, status: "skipped", message: "the law applied to no recorded response" }
    : { ...base, status: "passed", message: `passed in ${runs} recorded ${runs === 1 ? "response" : "responses"}` }
}

/**
 * The report on the judged entries: the laws that need no further requests, for each operation that was recorded.
 *
 * `target` is the name of the server or of the archive.
 */
export const toReport = (
  suite: Suite,
  { counts, tallies }: Traffic,
  run: { readonly target: string; readonly startedAt: number; readonly durationMillis: number }
): Report => {
  // In the order of the suite, as in other reports.
  const lawOrder = new Map(suite.laws.map(({ id }, index) => [id, index]))
  const results = suite.operations
    .flatMap((operation) => (tallies.get(operation) ?? []).map((tally) => resultOf(operation, tally)))
    .toSorted((a, b) => (lawOrder.get(a.law) ?? 0) - (lawOrder.get(b.law) ?? 0))
  return {
    target: run.target,
    startedAt: DateTime.formatIso(DateTime.makeUnsafe(run.startedAt)),
    durationMillis: run.durationMillis,
    requests: counts.judged,
    summary: summarize(results),
    results,
    fixed: []
  }
}

/**
 * Verifies the entries of an archive, and returns the report with the number of judged and ignored entries.
 *
 * **Example** (Verifying a file)
 *
 * ```ts
 * import * as Har from "@effect-workos/contract-engine/Har"
 * import type { Suite } from "@effect-workos/contract-engine/Suite"
 * import * as Traffic from "@effect-workos/contract-engine/Traffic"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 *
 * const failures = Effect.fn("failures")(function* (suite: Suite, file: string) {
 *   const fs = yield* FileSystem.FileSystem
 *   const { report } = yield* Traffic.verify(suite, Har.decode(fs.stream(file)), { target: file })
 *   return report.summary.failed
 * })
 * ```
 */
export const verify = <E, R>(
  suite: Suite,
  entries: Stream.Stream<Result.Result<Har.Entry, Har.MalformedEntry>, E, R>,
  { target, ...settings }: Settings & { readonly target: string }
): Effect.Effect<{ readonly report: Report; readonly counts: Counts }, E, R> =>
  Effect.gen(function* () {
    const startedAt = yield* Clock.currentTimeMillis
    const judge = makeJudge(suite, settings)
    const traffic = yield* Stream.runFold(
      entries,
      () => empty,
      (before, entry) => (Result.isFailure(entry) ? addMalformed(before) : judge(before, entry.success)[0])
    )
    const durationMillis = (yield* Clock.currentTimeMillis) - startedAt
    return { report: toReport(suite, traffic, { target, startedAt, durationMillis }), counts: traffic.counts }
  })
