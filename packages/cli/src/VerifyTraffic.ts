// Verifies recorded traffic: the entries of an HTTP archive.
import * as ContentEncoding from "@effect-workos/domain/ContentEncoding"
import * as Har from "@effect-workos/contract-engine/Har"
import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
import type { SelectionOptions } from "@effect-workos/contract-engine/Settings"
import * as Target from "@effect-workos/contract-engine/Target"
import * as Traffic from "@effect-workos/contract-engine/Traffic"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import type { TrafficSubject } from "./VerifySubject.ts"

/**
 * The settings that determine how traffic is judged. Reports contain neither keys nor other secrets.
 */
export const settings = (
  selection: SelectionOptions,
  { baseUrl, credentials }: Pick<TrafficSubject, "baseUrl" | "credentials">
): Traffic.Settings => ({
  ...selection,
  baseUrl: baseUrl?.href,
  credentials: Target.shownCredentials(credentials[0]),
  decodeBody: ContentEncoding.text,
  redaction: {
    headers: credentials.flatMap((one) => ("header" in one ? [one.header] : [])),
    parameters: credentials.flatMap((one) => ("parameter" in one ? [one.parameter] : [])),
    text: (text) => credentials.reduce((clean, one) => Target.redactKey(one, clean), text)
  }
})

/**
 * Verifies an archive, and returns the report. `flags` are the flags that select the API.
 */
export const verify = Effect.fnUntraced(function* (
  file: string,
  selection: SelectionOptions,
  subject: TrafficSubject,
  flags: ReadonlyArray<string>
) {
  const { baseUrl, suite } = subject
  const fs = yield* FileSystem.FileSystem
  const { counts, report } = yield* Traffic.verify(suite, reportMalformed(file, Har.decode(fs.stream(file))), {
    ...settings(selection, subject),
    target: file,
    replay: ({ law, operation, position }) =>
      `effect-workos verify ${[...flags, "--traffic", file].map(quote).join(" ")} --laws ${law} --operations ${operation} # entry ${position}`
  }).pipe(
    Effect.catchTags({
      PlatformError: ({ reason }) =>
        Failure.refuse(
          reason._tag === "NotFound"
            ? `Cannot read ${file}: the file does not exist.`
            : `Cannot read ${file}. Check that it is a file and that you have permission to read it.`
        ),
      HarError: ({ message }) => Failure.refuse(`Cannot read ${file}: ${message}.`)
    })
  )
  yield* showCounts(`in ${file}`, counts)
  if (counts.judged === 0 && counts.foreign > 0 && baseUrl !== undefined) {
    const correction = flags.length === 0 ? "Unset WORKOS_BASE_URL to check requests to any host" : "Add --base-url URL"
    yield* Output.message(`Only requests to ${baseUrl.href.replace(/\/$/, "")} are checked. ${correction}.`)
  }
  return report
})

const quote = (name: string): string => (/^[\w./:-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`)

/** The number of malformed entries that are described. */
const maxDescribed = 3

type Entries<E, R> = Stream.Stream<Result.Result<Har.Entry, Har.MalformedEntry>, E, R>

const reportMalformed = <E, R>(file: string, entries: Entries<E, R>) => {
  let described = 0
  return entries.pipe(
    Stream.zipWithIndex,
    Stream.tap(([entry, index]) =>
      Result.isFailure(entry) && described++ < maxDescribed
        ? Output.message(`Entry ${index + 1} in ${file} is malformed. ${entry.failure.message}.`)
        : Effect.void
    ),
    Stream.map(([entry]) => entry)
  )
}

const reasons: Readonly<Record<Traffic.Ignored, string>> = {
  foreign: "for undocumented paths or methods",
  unselected: "for excluded operations",
  "no-response": "without a response",
  incomplete: "without recorded headers or body",
  "not-modified": "with the status 304",
  "rate-limited": "with the status 429",
  malformed: "malformed"
}

/**
 * Prints the numbers of exchanges that were not checked, by reason.
 */
export const showCounts = (where: string, counts: Traffic.Counts) => {
  const { judged, ...ignored } = counts
  const kinds = Object.entries(reasons)
    .map(([reason, text]) => [new Map(Object.entries(ignored)).get(reason) ?? 0, text] as const)
    .filter(([count]) => count > 0)
    .map(([count, text]) => `${Formatting.number(count)} ${text}`)
  if (kinds.length === 0) return Effect.void
  const total = Formatting.count(Traffic.total(counts), "exchange")
  return Output.message(
    `${Formatting.number(judged)} of ${total} ${where} were checked. Not checked: ${kinds.join(", ")}.`
  )
}
