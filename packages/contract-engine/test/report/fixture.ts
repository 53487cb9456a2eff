// Reports for tests: forty laws on four operations, all statuses, and long, foreign and adversarial texts.
import { summarize, type Report } from "../../src/Report.ts"
import type { Counterexample, Result, Source } from "../../src/Result.ts"

/**
 * Strings that break a format unless escaped.
 */
export const adversarialTexts: ReadonlyArray<string> = [
  `</script><img src=x onerror="window.harmed = true"><script>window.harmed = true</script>`,
  `"><svg/onload=window.harmed=true>`,
  `' onfocus='window.harmed=true' autofocus='`,
  `</style><style>*{display:none}</style>`,
  `<!--<script>`,
  `]]><failure/>`,
  `&lt;b&gt; &amp;amp; &#60;`,
  "javascript:window.harmed=true",
  "a|b\n| c | d |\n# no heading\n```\n<details>",
  "::error title=harm::\r\n##[error]harm%0A",
  "\u0000\u0007\u001B[31mred\u001B[0m\u007F\u0085",
  "\uD800 alone, \uDC00 too, \uFFFE\uFFFF",
  "\u202Edesrever\u202C, ZWJ 👩‍👩‍👧‍👦, 大阪, Łódź, ‮",
  "${'`'}\\",
  "__proto__",
  "constructor"
]

const operations = ["connections.list", "connections.get", "connections.delete", "organizations.list"] as const
type Operation = (typeof operations)[number]

const all = operations
const lists: ReadonlyArray<Operation> = ["connections.list", "organizations.list"]
const resources: ReadonlyArray<Operation> = ["connections.get", "connections.delete"]

interface FixtureLaw {
  readonly law: string
  readonly sentence: string
  readonly operations: ReadonlyArray<Operation>
  readonly kind?: Source["kind"]
}

const laws: ReadonlyArray<FixtureLaw> = [
  { law: "responses/status", sentence: "Every response has a documented status.", operations: all },
  { law: "responses/content-type", sentence: "Every body is JSON and has a JSON content type.", operations: all },
  { law: "responses/schema", sentence: "The body of every success matches its schema.", operations: all },
  { law: "responses/error-schema", sentence: "The body of every error matches its schema.", operations: all },
  { law: "responses/no-5xx", sentence: "No request causes a server error.", operations: all, kind: "expected" },
  { law: "responses/undocumented-field", sentence: "No response contains an undocumented field.", operations: all },
  {
    law: "responses/undocumented-value",
    sentence: "No enumerated field has an undocumented value.",
    operations: all
  },
  { law: "responses/id-prefix", sentence: "Every id begins with the prefix of its resource type.", operations: all },
  {
    law: "responses/timestamps",
    sentence: "Timestamps are in ISO 8601 format and in UTC, and no update is earlier than the creation.",
    operations: all
  },
  { law: "lists/limit", sentence: "A page contains at most `limit` rows.", operations: lists },
  { law: "lists/default-limit", sentence: "Without `limit`, a page contains at most ten rows.", operations: lists },
  {
    law: "lists/order",
    sentence: "`asc` sorts by ascending and `desc` by descending creation time.",
    operations: lists
  },
  { law: "lists/reversal", sentence: "`asc` is the reverse of `desc`.", operations: lists },
  {
    law: "lists/completeness",
    sentence: "Together, the pages of a list contain every row once.",
    operations: lists,
    kind: "expected"
  },
  {
    law: "lists/page-size-invariance",
    sentence: "Every page size returns the same sequence of rows.",
    operations: lists,
    kind: "expected"
  },
  { law: "lists/back-and-forth", sentence: "`after` and then `before` returns to the same page.", operations: lists },
  {
    law: "lists/cursors-end",
    sentence: "The last page has no cursor, and no cursor is repeated.",
    operations: lists
  },
  { law: "lists/filter-sound", sentence: "Every row of a filtered list matches the filter.", operations: lists },
  {
    law: "lists/filter-complete",
    sentence: "A filtered list contains every row that matches the filter.",
    operations: lists
  },
  {
    law: "lists/filters-combined",
    sentence: "With several filters, a list contains the rows that match all of them.",
    operations: lists,
    kind: "expected"
  },
  {
    law: "resources/listed",
    sentence: "Every row of a list can be read by its id, with the same values.",
    operations: ["connections.get"]
  },
  {
    law: "resources/stable",
    sentence: "Two identical read requests return the same data.",
    operations: ["connections.get"],
    kind: "expected"
  },
  { law: "resources/unknown-id", sentence: "A request for an unknown id returns 404.", operations: resources },
  {
    law: "lifecycle/deleted-is-gone",
    sentence: "A deleted resource can be neither read nor listed.",
    operations: ["connections.delete", "connections.list"]
  },
  {
    law: "lifecycle/deleted-twice",
    sentence: "Deleting a resource for the second time returns 404.",
    operations: ["connections.delete"]
  },
  {
    law: "lifecycle/created-can-be-read",
    sentence: "A new resource can be read immediately.",
    operations: ["connections.get", "connections.list"],
    kind: "expected"
  },
  {
    law: "lifecycle/model",
    sentence: "Random sequences of operations agree with a model.",
    operations: all,
    kind: "expected"
  },
  { law: "access/no-key", sentence: "Without a key, every operation returns 401 without data.", operations: all },
  { law: "access/wrong-key", sentence: "With a wrong key, every operation returns 401 without data.", operations: all },
  {
    law: "access/malformed-header",
    sentence: "With a malformed `Authorization` header, every operation returns 401.",
    operations: all
  },
  { law: "input/limit-bounds", sentence: "A limit of 0, 101, -1 or 1.5 returns a documented 4xx.", operations: lists },
  { law: "input/limit-text", sentence: "A limit that is not a number returns a documented 4xx.", operations: lists },
  { law: "input/order", sentence: "An unknown order returns a documented 4xx.", operations: lists },
  {
    law: "input/filter",
    sentence: "An unknown value of a filter returns a documented 4xx.",
    operations: ["connections.list"]
  },
  { law: "input/cursor", sentence: "A malformed or unknown cursor returns a documented 4xx.", operations: lists },
  {
    law: "input/id-traversal",
    sentence: "Ids with `/`, `..` or `%` never select another path.",
    operations: resources,
    kind: "expected"
  },
  {
    law: "input/id-unicode",
    sentence: "Ids with spaces or non-ASCII letters return a documented 4xx.",
    operations: resources,
    kind: "expected"
  },
  {
    law: "input/id-long",
    sentence: "An id of 10 kB returns a documented 4xx.",
    operations: resources,
    kind: "expected"
  },
  {
    law: "input/method",
    sentence: "An undocumented method returns 404 or 405.",
    operations: all,
    kind: "expected"
  },
  { law: "input/body", sentence: "An unexpected body changes nothing.", operations: all, kind: "expected" }
]

const base = "http://127.0.0.1:4100"
const curl = (path: string) => `curl -H "Authorization: Bearer $WORKOS_API_KEY" '${base}${path}'`
const replay = (law: string) => `effect-workos verify --laws ${law} --seed 42 --runs 1`

const ids = (count: number) =>
  JSON.stringify(
    { data: Array.from({ length: count }, (_, index) => `conn_01E4ZCR3C56J083X43JQXF3J${index}K`) },
    null,
    2
  )

const odd = JSON.stringify(
  {
    id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
    name: "Łódź 大阪 Corp",
    created_at: "2026-01-15T12:00:00.000Z",
    state: "active"
  },
  null,
  2
)

const long = `/connections?${Array.from({ length: 40 }, (_, index) => `domain=${"very-long-name".repeat(2)}-${index}.example.org`).join("&")}`

type Finding = Pick<Result, "status" | "message"> &
  Partial<Pick<Result, "isKnown">> & { readonly counterexample?: Omit<Counterexample, "replay"> }

const failed = (message: string, path: string, expected: string, actual: string): Finding => ({
  status: "failed",
  message,
  counterexample: { curl: curl(path), expected, actual }
})

const drift = (message: string, path: string, expected: string, actual: string): Finding => ({
  ...failed(message, path, expected, actual),
  status: "drift"
})

const noWrites = "Writing is not allowed: pass --writes to allow it."

const findings: Record<string, Finding> = {
  "lists/limit connections.list": failed("8 rows exceed the limit of 7.", "/connections?limit=7", ids(7), ids(8)),
  "lists/page-size-invariance organizations.list": failed(
    "Pages of 3 and pages of 10 return different sequences: they differ from row 11 on.",
    long,
    "the same sequence of 23 ids",
    "org_01EHWNCE74X7JSDV0X3SZ3KJNY twice, and org_01EHZNVPK2QXHMVWCEDQEKY69A never"
  ),
  "responses/timestamps connections.get": failed(
    "updated_at is earlier than created_at.",
    "/connections/conn_01E4ZCR3C56J083X43JQXF3JK5",
    odd,
    odd.replace("2026-01-15T12:00:00.000Z", "2026-01-15T14:00:00+02:00")
  ),
  "input/cursor connections.list": failed(
    `The server sent ${adversarialTexts[0]}`,
    `/connections?after=${encodeURIComponent(adversarialTexts[0] ?? "")}`,
    "a status of 400 or 422, and a body that matches BadRequest",
    adversarialTexts.join("\n")
  ),
  "input/limit-bounds organizations.list": {
    ...failed("A limit of 101 is treated as 100.", "/organizations?limit=101", "a 4xx", "200"),
    isKnown: true
  },
  "resources/unknown-id connections.delete": {
    ...failed(
      "A request for an unknown id returned 202.",
      "/connections/conn_01E4ZCR3C56J083X43JQXF3JK5",
      "404",
      "202"
    ),
    isKnown: true
  },
  "responses/undocumented-field connections.list": drift(
    "data[0].shard is not documented.",
    "/connections?limit=1",
    `{\n  "object": "connection",\n  "name": "Foo Corp"\n}`,
    `{\n  "object": "connection",\n  "name": "Foo Corp",\n  "shard": 7\n}`
  ),
  "responses/undocumented-field connections.get": {
    status: "drift",
    message: `The field ${adversarialTexts[1]} is not documented.`
  },
  "responses/undocumented-value connections.list": drift(
    `connection_type is "QuantumSAML", which no source lists.`,
    "/connections?limit=100",
    "one of 41 documented values",
    `"QuantumSAML"`
  ),
  "input/method organizations.list": { status: "skipped", message: `No data. ${adversarialTexts[2]}` },
  "lists/filter-complete organizations.list": {
    status: "skipped",
    message: "No organization has a domain to filter by."
  }
}

const findingOf = (law: string, operation: string): Finding =>
  findings[`${law} ${operation}`] ??
  (law.startsWith("lifecycle/") || operation === "connections.delete"
    ? { status: "skipped", message: noWrites }
    : { status: "passed", message: "" })

const sources: Record<Source["kind"], Source> = {
  documented: {
    kind: "documented",
    text: "An upper limit on the number of objects to return, between 1 and 100.",
    url: "https://workos.com/docs/reference/pagination"
  },
  expected: { kind: "expected", text: "Follows from the definition of a list." }
}

const results: ReadonlyArray<Result> = laws.flatMap(({ kind = "documented", law, operations, sentence }, row) =>
  operations.map((operation, column): Result => {
    const { counterexample, ...finding } = findingOf(law, operation)
    const isSkipped = finding.status === "skipped"
    return {
      law,
      operation,
      ...finding,
      runs: isSkipped ? 0 : 12 + ((row * 37 + column * 11) % 190),
      requests: isSkipped ? 0 : 30 + ((row * 91 + column * 53) % 1400),
      ...(counterexample === undefined ? {} : { counterexample: { ...counterexample, replay: replay(law) } }),
      sentence,
      source: law === "input/cursor" ? { ...sources[kind], url: "javascript:window.harmed=true" } : sources[kind]
    }
  })
)

/**
 * A report with four new failures, two known ones, and drift.
 */
export const report: Report = {
  target: base,
  seed: 42,
  startedAt: "2026-11-24T08:25:31.000Z",
  durationMillis: 47_300,
  requests: 12_345,
  summary: summarize(results),
  results,
  fixed: [
    {
      law: "lists/reversal",
      operation: "connections.list",
      message: "Two connections with equal timestamps are in different orders."
    }
  ]
}

const sameField = { kind: "field updated_at", at: { fields: ["updated_at"] } }

/**
 * The report with a coverage, and with failures of several laws and values that have the same cause.
 */
export const groupedReport: Report = {
  ...report,
  results: results.map((result) => {
    const { counterexample, law, operation } = result
    if (counterexample === undefined || operation !== "connections.list") return result
    const others = ["-1", "101", adversarialTexts[0] ?? ""].map((limit) => ({
      ...counterexample,
      ...sameField,
      message: `GET /connections?limit=${limit} returned 200`
    }))
    return law === "lists/limit"
      ? { ...result, counterexample: { ...counterexample, ...sameField }, others }
      : { ...result, counterexample: { ...counterexample, ...sameField } }
  }),
  coverage: [
    {
      operation: "connections.list",
      requests: 1234,
      parts: [
        { kind: "parameter", name: "limit", isExercised: true },
        { kind: "status", name: "500", isExercised: false, reason: "only a failure of the server causes this status" },
        { kind: "field", name: "data.*.state", isExercised: true },
        {
          kind: "field-value",
          name: `data.*.state=${adversarialTexts[1]}`,
          isExercised: false,
          reason: "no row has this value"
        }
      ]
    },
    { operation: "connections.delete", requests: 0, reason: noWrites, parts: [] }
  ]
}

const fewLaws = new Set([
  "responses/timestamps",
  "responses/undocumented-field",
  "lists/limit",
  "lists/order",
  "lists/cursors-end",
  "resources/unknown-id",
  "lifecycle/model",
  "input/cursor"
])
const fewResults = results.filter(({ law }) => fewLaws.has(law))

/**
 * The report on a few laws, with all statuses.
 */
export const smallReport: Report = { ...report, results: fewResults, summary: summarize(fewResults) }

/**
 * A report without failures.
 */
export const passedReport: Report = {
  ...report,
  results: results.filter(({ status }) => status === "passed"),
  summary: summarize(results.filter(({ status }) => status === "passed")),
  fixed: []
}

/**
 * A report in which every check was skipped.
 */
export const skippedReport: Report = {
  ...report,
  results: results.map(({ counterexample: _counterexample, isKnown: _isKnown, ...result }) => ({
    ...result,
    status: "skipped",
    message: "The server could not be reached."
  })),
  fixed: []
}

/**
 * A report of many operations with long names.
 */
export const wideReport: Report = {
  ...report,
  results: Array.from({ length: 12 }, (_, index) =>
    results
      .filter(({ operation }) => operation === "connections.list")
      .map((result) => ({ ...result, operation: `directory${index % 3}.listBySomethingLong${index}` }))
  ).flat()
}
