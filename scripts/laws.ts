// Writes docs/generated/laws.md: every law of the suite with its rule and its source. With --check, verifies that the page
// is up to date.
//
//   pnpm laws
import { familyOf, type Law } from "@effect-workos/contract-engine/Law"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Page from "./Page.ts"

const titles: Readonly<Record<string, string>> = {
  responses: "Responses",
  lists: "Lists: pages, order, cursors, filters",
  resources: "Single resources",
  access: "Access control",
  input: "Invalid and unusual input",
  lifecycle: "Lifecycle: creating and deleting",
  workos: "WorkOS only"
}

interface Counterpart {
  readonly check: string
  readonly laws: ReadonlyArray<string>
  readonly difference?: string
}

// https://schemathesis.readthedocs.io/en/stable/reference/checks/ and src/schemathesis/specs/openapi/checks.py
const schemathesis: ReadonlyArray<Counterpart> = [
  { check: "not_a_server_error", laws: ["responses/no-server-error"] },
  { check: "status_code_conformance", laws: ["responses/status"] },
  { check: "content_type_conformance", laws: ["responses/content-type"], difference: "The law expects JSON." },
  { check: "response_headers_conformance", laws: ["responses/headers"] },
  { check: "response_schema_conformance", laws: ["responses/body", "responses/error-body"] },
  { check: "positive_data_acceptance", laws: ["responses/accepted"] },
  {
    check: "negative_data_rejection",
    laws: [
      "input/limit",
      "input/enum",
      "input/malformed-cursor",
      "input/unknown-cursor",
      "input/adversarial-id",
      "input/missing-parameter",
      "input/malformed-body"
    ],
    difference:
      "Schemathesis generates more kinds of invalid bodies, also in nested fields. The laws expect a documented refusal, and include cursors that do not exist."
  },
  {
    check: "negative_data_rejection with `generate-duplicate-query-parameters`",
    laws: ["input/repeated-parameter"],
    difference:
      "Schemathesis sends repeated parameters only with this setting, and expects a refusal. The law also accepts one of the values, and checks the rows."
  },
  { check: "missing_required_header", laws: ["input/missing-parameter"] },
  {
    check: "unsupported_method",
    laws: ["input/undocumented-safe-method", "input/undocumented-method", "input/delete-collection"],
    difference:
      "Schemathesis sends every undocumented method except HEAD, including DELETE, unless `unexpected-methods` restricts them. Without `--writes`, the laws send only safe methods. DELETE on a collection is sent only with `--writes`, and only to a server on this machine. Schemathesis accepts 404 only for paths with parameters; the laws always do."
  },
  {
    check: "allow_header_conformance",
    laws: ["input/options"],
    difference:
      "Schemathesis also reports undocumented methods in `Allow`. The law also reports a successful response without `Allow`, and server errors."
  },
  {
    check: "use_after_free",
    laws: ["lifecycle/deleted-from-get", "lifecycle/deleted-from-lists", "lifecycle/deleted-again"],
    difference: "Schemathesis needs links between operations, which it infers or reads from the document."
  },
  {
    check: "ensure_resource_availability",
    laws: ["lifecycle/created-in-get", "lifecycle/created-in-list"],
    difference: "As above."
  },
  {
    check: "ignored_auth",
    laws: ["access/no-key", "access/wrong-key", "access/malformed-header"],
    difference:
      "Schemathesis sends no credentials, and one invalid credential. The laws also send keys that resemble the valid key, and malformed headers, and search the response for data."
  },
  { check: "max_response_time", laws: ["responses/time"] }
]

/** Laws about requests and properties for which Schemathesis has no check. */
const without: ReadonlyArray<readonly [subject: string, laws: ReadonlyArray<string>]> = [
  ["pages, order, cursors and filters of lists", ["lists"]],
  ["HEAD", ["input/head"]],
  ["trailing slashes", ["input/trailing-slash"]],
  ["unusual spellings of a limit", ["input/limit-spelling"]],
  ["`Accept` headers and large headers", ["input/accept", "input/large-header"]],
  ["random sequences of writes, compared with a model", ["lifecycle/model"]]
]

const known = new Set(WorkOs.suite.laws.map(({ id }) => id))
const isKnown = (law: string) => known.has(law) || [...known].some((id) => familyOf(id) === law)
for (const law of [...schemathesis.flatMap(({ laws }) => laws), ...without.flatMap(([, laws]) => laws)]) {
  if (!isKnown(law)) throw new Error(`${law} in the comparison is unknown`)
}

const code = (text: string): string => `\`${text}\``

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const row = ({ id, sentence, severity, source, writes }: Law): string => {
  const notes = [...(severity === "drift" ? ["drift"] : []), ...(writes === true ? ["`--writes`"] : [])].join(", ")
  const origin = source.url === undefined ? source.text : `${source.text} [Reference](${source.url})`
  return `| \`${id}\` | ${cell(sentence)} | ${source.kind} | ${cell(origin)} | ${notes} |`
}

const sections = [...Map.groupBy(WorkOs.suite.laws, ({ id }) => familyOf(id))].map(([family, laws]) =>
  [
    `## ${titles[family] ?? family}`,
    ["| law | rule | basis | source | notes |", "| --- | --- | --- | --- | --- |", ...laws.map(row)].join("\n")
  ].join("\n\n")
)

const document = [
  "# The laws of the contract",
  `\`effect-workos verify\` checks these laws. A law is a rule that a server must follow. The suite checks a law with generated requests, with rows from the lists of the server, and with adversarial inputs. It shrinks a failure to the smallest request that shows the failure. [The guide](../verifying.md) explains the command, and [the mutants](mutants.md) are faulty servers that the laws must detect.`,
  [
    "- **basis**: *documented* if the WorkOS documentation states the rule; *expected* if the rule follows from the documentation, or if every client assumes it",
    "- **source**: the documentation of the rule, or the reason for it",
    "- **notes**: `drift` marks laws about undocumented data, and about data and requests on which parts of the documentation disagree; they fail a run only with `--strict`. `--writes` marks laws that are checked only with that flag"
  ].join("\n"),
  "The laws under “WorkOS only” apply to WorkOS only. All other laws apply to any `HttpApi`; the tables show their sources for WorkOS.",
  "Generated by `npx -y pnpm@12 laws`.",
  ...sections,
  "## Comparison with Schemathesis",
  "The table lists the checks of [Schemathesis](https://schemathesis.readthedocs.io/en/stable/reference/checks/) 4.25 for OpenAPI documents, with the corresponding laws.",
  [
    "| check | laws | differences |",
    "| --- | --- | --- |",
    ...schemathesis.map(
      ({ check, difference = "", laws }) =>
        `| ${check.replace(/^\w+/, code)} | ${laws.map(code).join(", ")} | ${difference} |`
    )
  ].join("\n"),
  "Schemathesis has no check for these subjects:",
  without.map(([subject, laws]) => `- ${subject}: ${laws.map(code).join(", ")}`).join("\n"),
  "Schemathesis also tests GraphQL and gRPC.",
  ""
].join("\n\n")

Page.write("docs/generated/laws.md", document, { command: "laws", source: "the laws" })
