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
  { law: "responses/status", sentence: "Every answer has a status that is documented.", operations: all },
  { law: "responses/content-type", sentence: "Every body is JSON, and says so.", operations: all },
  { law: "responses/schema", sentence: "Every body of a success matches its schema.", operations: all },
  { law: "responses/error-schema", sentence: "Every body of an error matches its schema.", operations: all },
  { law: "responses/no-5xx", sentence: "No request makes the server fail.", operations: all, kind: "expected" },
  { law: "responses/undocumented-field", sentence: "Answers have no fields but the documented ones.", operations: all },
  {
    law: "responses/undocumented-value",
    sentence: "Enumerations have no values but the documented ones.",
    operations: all
  },
  { law: "responses/id-prefix", sentence: "Every id has the prefix of its kind.", operations: all },
  {
    law: "responses/timestamps",
    sentence: "Timestamps are ISO 8601 in UTC, and nothing is updated before it is created.",
    operations: all
  },
  { law: "lists/limit", sentence: "A page has at most as many items as `limit` asks for.", operations: lists },
  { law: "lists/default-limit", sentence: "A page has ten items where nothing is said.", operations: lists },
  { law: "lists/order", sentence: "`asc` ascends and `desc` descends by time of creation.", operations: lists },
  { law: "lists/reversal", sentence: "`asc` and `desc` are each other's reverse.", operations: lists },
  {
    law: "lists/completeness",
    sentence: "All pages together hold every item once.",
    operations: lists,
    kind: "expected"
  },
  {
    law: "lists/page-size-invariance",
    sentence: "Any page size gives the same sequence.",
    operations: lists,
    kind: "expected"
  },
  { law: "lists/back-and-forth", sentence: "`after` and then `before` returns to the same page.", operations: lists },
  {
    law: "lists/cursors-end",
    sentence: "The last page has no cursor, and no crawl sees one twice.",
    operations: lists
  },
  { law: "lists/filter-sound", sentence: "Whatever a filter answers matches it.", operations: lists },
  { law: "lists/filter-complete", sentence: "Nothing that matches a filter is missing.", operations: lists },
  {
    law: "lists/filters-combined",
    sentence: "Several filters together answer what matches all of them.",
    operations: lists,
    kind: "expected"
  },
  {
    law: "resources/listed",
    sentence: "What a list showed can be had by its id, and is the same.",
    operations: ["connections.get"]
  },
  { law: "resources/stable", sentence: "Two reads in a row agree.", operations: ["connections.get"], kind: "expected" },
  { law: "resources/unknown-id", sentence: "An id that does not exist is a documented 404.", operations: resources },
  {
    law: "lifecycle/deleted-is-gone",
    sentence: "What was deleted is gone, from its path and from every list.",
    operations: ["connections.delete", "connections.list"]
  },
  { law: "lifecycle/deleted-twice", sentence: "Deleting it again is a 404.", operations: ["connections.delete"] },
  {
    law: "lifecycle/created-is-there",
    sentence: "What was created is there at once.",
    operations: ["connections.get", "connections.list"],
    kind: "expected"
  },
  {
    law: "lifecycle/model",
    sentence: "Random sequences of operations agree with a model.",
    operations: all,
    kind: "expected"
  },
  { law: "access/no-key", sentence: "Without a key there is a 401, and no data in its body.", operations: all },
  { law: "access/wrong-key", sentence: "A wrong key is a 401, and no data comes with it.", operations: all },
  { law: "access/malformed-header", sentence: "A malformed `Authorization` header is a 401.", operations: all },
  { law: "input/limit-bounds", sentence: "A limit of 0, 101, -1 or 1.5 is a documented 4xx.", operations: lists },
  { law: "input/limit-text", sentence: "A limit that is no number is a documented 4xx.", operations: lists },
  { law: "input/order", sentence: "An unknown order is a documented 4xx.", operations: lists },
  {
    law: "input/filter",
    sentence: "An unknown value of a filter is a documented 4xx.",
    operations: ["connections.list"]
  },
  { law: "input/cursor", sentence: "A malformed or unknown cursor is a documented 4xx.", operations: lists },
  {
    law: "input/id-traversal",
    sentence: "Ids with `/`, `..` or `%` lead nowhere else.",
    operations: resources,
    kind: "expected"
  },
  {
    law: "input/id-unicode",
    sentence: "Ids with spaces or foreign letters are a documented 4xx.",
    operations: resources,
    kind: "expected"
  },
  { law: "input/id-long", sentence: "An id of 10 kB is a documented 4xx.", operations: resources, kind: "expected" },
  {
    law: "input/method",
    sentence: "Methods that are not documented are a 404 or a 405.",
    operations: all,
    kind: "expected"
  },
  { law: "input/body", sentence: "A body where none is expected changes nothing.", operations: all, kind: "expected" }
]

const base = "http://127.0.0.1:4100"
const curl = (path: string) => `curl -H "Authorization: Bearer $WORKOS_API_KEY" '${base}${path}'`
const replay = (law: string) => `effect-workos verify --only ${law} --seed 42 --runs 1`

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

const noWrites = "Writes are not allowed: the suite changes nothing unless it is told --writes."

const findings: Record<string, Finding> = {
  "lists/limit connections.list": failed("Asked for at most 7 items, got 8.", "/connections?limit=7", ids(7), ids(8)),
  "lists/page-size-invariance organizations.list": failed(
    "Pages of 3 and pages of 10 do not give the same sequence: they differ from item 11 on.",
    long,
    "the same sequence of 23 ids",
    "org_01EHWNCE74X7JSDV0X3SZ3KJNY comes twice, org_01EHZNVPK2QXHMVWCEDQEKY69A never"
  ),
  "responses/timestamps connections.get": failed(
    "updated_at is before created_at.",
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
    ...failed("A limit of 101 is answered as if it were 100.", "/organizations?limit=101", "a 4xx", "200"),
    isKnown: true
  },
  "resources/unknown-id connections.delete": {
    ...failed("An unknown id is a 202.", "/connections/conn_01E4ZCR3C56J083X43JQXF3JK5", "404", "202"),
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
    message: "Found no organization with a domain to filter by."
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
  expected: { kind: "expected", text: "Follows from what a list is." }
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
    { law: "lists/reversal", operation: "connections.list", message: "Two connections of one instant swap places." }
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
