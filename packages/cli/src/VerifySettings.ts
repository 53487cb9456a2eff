// The settings of `verify`: flags, and keys of the configuration file.
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import * as Progress from "./Progress.ts"
import * as Setting from "./Setting.ts"

/** The default number of requests per minute to other machines, below WorkOS's limit of 6,000. */
export const politeRate = 5400

/** The default number of requests per minute to servers whose limit is unknown. */
export const cautiousRate = 600

const FileName = Schema.NonEmptyString.annotate({ expected: "the name of a file" })

const Reports = Schema.Struct({
  json: Schema.optionalKey(FileName),
  junit: Schema.optionalKey(FileName),
  html: Schema.optionalKey(FileName)
}).annotate({ expected: "an object with the names of files, by format: json, junit or html" })

/** The names of report files, by format. */
type Reports = typeof Reports.Type

/** The formats of reports. */
export type Format = keyof Reports

export const formats: ReadonlyArray<Format> = ["json", "junit", "html"]

const parseReports = (values: ReadonlyArray<string>): Result.Result<Reports, string> => {
  const entries = values.map((value) => {
    const [name, ...rest] = value.split("=")
    return { format: formats.find((format) => format === name), file: rest.join("=") }
  })
  if (entries.some(({ file, format }) => format === undefined || file === "")) {
    return Result.fail("json=FILE, junit=FILE or html=FILE")
  }
  return new Set(entries.map(({ format }) => format)).size < entries.length
    ? Result.fail("each format once")
    : Result.succeed(Object.fromEntries(entries.map(({ file, format }) => [format, file])))
}

/**
 * The settings of `verify`, in the order of its help.
 */
export const settings = {
  openapi: Setting.text("openapi", {
    description: "Verify a server against this OpenAPI document, instead of the contract of WorkOS.",
    metavar: "FILE|URL"
  }),
  baseUrl: Setting.text("base-url", {
    description: "With --openapi, send requests to URL. Defaults to the first server in the document.",
    metavar: "URL"
  }),
  operations: Setting.texts("operations", {
    description: "Check only these operations: ids, groups, paths, or patterns with *.",
    metavar: "OPERATION"
  }),
  excludeOperations: Setting.texts("exclude-operations", {
    description: "Do not check these operations.",
    metavar: "OPERATION"
  }),
  laws: Setting.texts("laws", {
    alias: "only",
    description: "Check only these laws: ids, families, or patterns with *.",
    metavar: "LAW"
  }),
  excludeLaws: Setting.texts("exclude-laws", { description: "Do not check these laws.", metavar: "LAW" }),
  implemented: Setting.yes("implemented", "Leave out operations that the server does not implement."),
  seed: Setting.withDefault(Setting.whole("seed", { description: "Generate requests from seed N.", minimum: 0 }), 1),
  runs: Setting.withDefault(
    Setting.whole("runs", { description: "Try N generated cases per check.", minimum: 1 }),
    100
  ),
  writes: Setting.yes("writes", "Also check the laws that create and delete resources."),
  strict: Setting.yes("strict", "Fail on undocumented fields and values too."),
  baseline: Setting.text("baseline", { description: "Ignore the failures listed in FILE.", metavar: "FILE" }),
  maxFailures: Setting.whole("max-failures", {
    description: "Stop after N findings that are not in the baseline.",
    minimum: 1
  }),
  showKnown: Setting.yes("show-known", "Print the failures in the baseline too, not only their number."),
  reports: Setting.collected("report", {
    schema: Reports,
    description: "Write a report in the format json, junit or html.",
    metavar: "FORMAT=FILE",
    parse: parseReports
  }),
  workers: Setting.withDefault(
    Setting.whole("workers", { description: "Send up to N requests concurrently.", minimum: 1 }),
    8
  ),
  maxRate: Setting.whole("max-rate", {
    description: `Send at most N requests per minute. Defaults to the rate limit in the headers of responses, without such headers to ${Progress.number(politeRate)}, with --openapi to ${cautiousRate}, and to no limit for a server on this machine.`,
    minimum: 1
  }),
  timeBudget: Setting.withDefault(
    Setting.whole("time-budget", { description: "Stop sending requests after S seconds.", metavar: "S", minimum: 1 }),
    300
  )
}

/**
 * The settings that apply to traffic of other programs.
 */
export const trafficSettings = Struct.pick(settings, [
  "openapi",
  "baseUrl",
  "operations",
  "excludeOperations",
  "laws",
  "excludeLaws",
  "strict",
  "baseline",
  "showKnown",
  "reports"
])
