// Runs `verify proxy`: forwards requests to a server, and judges the exchanges while they pass.
import * as ContentEncoding from "@effect-workos/domain/ContentEncoding"
import type * as Har from "@effect-workos/contract-engine/Har"
import * as Redaction from "@effect-workos/contract-engine/Redaction"
import type { Result as LawResult } from "@effect-workos/contract-engine/Result"
import type { Suite } from "@effect-workos/contract-engine/Suite"
import * as Traffic from "@effect-workos/contract-engine/Traffic"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Ref from "effect/Ref"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as ForwardingProxy from "./ForwardingProxy.ts"
import * as Output from "./Output.ts"
import * as Setting from "./Setting.ts"
import * as VerifyConfig from "./VerifyConfig.ts"
import * as VerifyOutput from "./VerifyOutput.ts"
import * as VerifyRecording from "./VerifyRecording.ts"
import * as VerifySelection from "./VerifySelection.ts"
import { trafficSettings } from "./VerifySettings.ts"
import * as VerifySubject from "./VerifySubject.ts"
import * as VerifyTraffic from "./VerifyTraffic.ts"

/**
 * The flags of one invocation.
 */
export interface Flags {
  readonly port: number
  readonly settings: Setting.FlagValues<typeof trafficSettings>
  readonly config: Option.Option<string>
  readonly updateBaseline: boolean
  readonly record: Option.Option<string>
}

/**
 * Serves the proxy until an interruption. Then prints the result and writes report files.
 */
export const verify = Effect.fnUntraced(function* (flags: Flags) {
  const loaded = yield* VerifyConfig.load(flags.config)
  const { config } = loaded
  const values = Setting.resolve(trafficSettings, flags.settings, config)
  const { proxy, suite } = yield* VerifySubject.make({ ...values, writes: false }, config)
  const selection = yield* VerifySelection.check(suite, values, flags.settings, loaded)
  const report = yield* VerifyOutput.prepare(values, flags.updateBaseline, Option.toArray(flags.record))
  const subject = yield* proxy
  const variable = values.openapi === undefined ? "WORKOS_BASE_URL=" : ""
  const archive = Option.isSome(flags.record) ? yield* VerifyRecording.open(flags.record.value) : noArchive
  const { run, traffic } = yield* judgeUntilInterrupted(
    flags.port,
    { ...subject, variable },
    VerifyTraffic.settings(selection, subject),
    archive
  )
  yield* VerifyTraffic.showCounts("with the server", traffic.counts)
  const reported = yield* Effect.exit(report(Traffic.toReport(suite, traffic, run)))
  yield* Ref.set(yield* Failure.InterruptionCode, Exit.isSuccess(reported) ? 0 : 1)
  return yield* reported
}, Effect.uninterruptible)

const noArchive: VerifyRecording.Archive = {
  write: () => Effect.void,
  failed: Effect.never,
  close: Effect.void
}

// Serves the proxy until an interruption, and returns the judgement on the exchanges until then.
const judgeUntilInterrupted = (
  port: number,
  { baseUrl, suite, variable }: { readonly baseUrl: URL; readonly suite: Suite; readonly variable: string },
  settings: Traffic.Settings,
  archive: VerifyRecording.Archive
) =>
  Effect.gen(function* () {
    const startedAt = yield* Clock.currentTimeMillis
    const queue = yield* Queue.unbounded<ForwardingProxy.Forwarded, Cause.Done>()
    const judge = Traffic.makeJudge(suite, settings)
    const state = yield* Ref.make(Traffic.empty)
    const failures = new Set<string>()
    const judging = yield* Stream.fromQueue(queue).pipe(
      Stream.runForEach((forwarded) =>
        Effect.gen(function* () {
          const entry = Redaction.redact(toEntry(forwarded, baseUrl), settings.redaction)
          yield* archive.write(entry)
          const violations = yield* Ref.modify(state, (before) => {
            const [after, violations] = judge(before, entry)
            return [violations, after]
          })
          yield* Effect.forEach(violations, (result) => Output.message(describe(result)), { discard: true })
          const { outcome } = forwarded
          if (outcome._tag === "NoResponse" && !failures.has(outcome.reason)) {
            failures.add(outcome.reason)
            yield* Output.message(
              `No response from ${baseUrl.origin}: ${outcome.reason}. Check the URL, and whether the server is running.`
            )
          }
        })
      ),
      Effect.forkChild
    )
    const serving = Effect.scoped(
      Effect.gen(function* () {
        const url = yield* ForwardingProxy.serve({
          port,
          target: baseUrl,
          onForwarded: (forwarded) => Queue.offerUnsafe(queue, forwarded)
        })
        yield* Output.result(`Proxy ready: ${variable}${url} forwards to ${baseUrl.origin}`)
        return yield* Effect.never
      })
    )
    const served = yield* Effect.exit(Effect.interruptible(Effect.raceFirst(serving, archive.failed)))
    yield* Queue.end(queue)
    yield* Fiber.join(judging)
    if (Exit.isFailure(served) && !Exit.hasInterrupts(served)) return yield* served
    yield* archive.close
    const durationMillis = (yield* Clock.currentTimeMillis) - startedAt
    return {
      traffic: yield* Ref.get(state),
      run: { target: baseUrl.href.replace(/\/$/, ""), startedAt, durationMillis }
    }
  })

const describe = ({ law, message, operation, status }: LawResult): string =>
  `${status === "drift" ? "◐" : "✕"} ${law} ${operation}: ${message}`

const toEntry = (
  { method, millis, outcome, path, request, startedAt }: ForwardingProxy.Forwarded,
  baseUrl: URL
): Har.Entry => {
  const url = `${baseUrl.origin}${baseUrl.pathname.replace(/\/+$/, "")}${path}`
  const type = valueOf(request.headers, "content-type") ?? ""
  const sent = textOf(request.headers, request.body)
  return {
    startedDateTime: DateTime.formatIso(DateTime.makeUnsafe(startedAt)),
    time: millis,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: toPairs(request.headers),
      queryString: URL.canParse(url) ? toPairs([...new URL(url).searchParams]) : [],
      ...(sent === undefined || sent === "" ? {} : { postData: { mimeType: type, text: sent } }),
      headersSize: -1,
      bodySize: request.body?.length ?? -1
    },
    response: toResponse(outcome),
    cache: {},
    timings: { send: 0, wait: millis, receive: 0 }
  }
}

const toResponse = (outcome: ForwardingProxy.Forwarded["outcome"]): Har.Response => {
  const { headers, status, statusText, body } =
    outcome._tag === "Response"
      ? outcome
      : { headers: [], status: 0, statusText: outcome.reason, body: Buffer.alloc(0) }
  const text = textOf(headers, body)
  return {
    status,
    statusText,
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: toPairs(headers),
    content: {
      // A body that is not kept has an unknown size of at least 1, so that it does not count as empty.
      size: body?.length ?? 1,
      mimeType: valueOf(headers, "content-type") ?? "",
      ...(text === undefined ? {} : { text })
    },
    redirectURL: valueOf(headers, "location") ?? "",
    headersSize: -1,
    bodySize: body?.length ?? -1
  }
}

const toPairs = (headers: ForwardingProxy.Headers): ReadonlyArray<Har.Pair> =>
  headers.map(([name, value]) => ({ name, value }))

const valueOf = (headers: ForwardingProxy.Headers, name: string): string | undefined =>
  headers.find(([one]) => one.toLowerCase() === name)?.[1]

// The text of a body, unless the body was too long to keep or cannot be decoded.
const textOf = (headers: ForwardingProxy.Headers, body: Buffer | undefined): string | undefined =>
  body === undefined
    ? undefined
    : Result.getOrUndefined(ContentEncoding.text([body], valueOf(headers, "content-encoding"), 16 * 1024 * 1024))
