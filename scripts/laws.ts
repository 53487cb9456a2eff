// Writes docs/generated/laws.md: every law of the suite, with its sentence and what it rests on. With --check, says whether the
// page is that already.
//
//   pnpm laws
import { familyOf, type Law } from "@effect-workos/contract/Law"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Page from "./Page.ts"

const titles: Readonly<Record<string, string>> = {
  responses: "Responses: every answer",
  lists: "Lists: pages, order, cursors, filters",
  resources: "Resources: one at a time",
  access: "Access: who may not ask",
  input: "Input: what should not be sent",
  lifecycle: "Lifecycle: created and deleted",
  workos: "WorkOS: what only WorkOS promises"
}

// https://schemathesis.readthedocs.io/en/stable/reference/checks/
const schemathesis: ReadonlyArray<readonly [check: string, laws: ReadonlyArray<string>]> = [
  ["not_a_server_error", ["responses/no-server-error"]],
  ["status_code_conformance", ["responses/status"]],
  ["content_type_conformance", ["responses/content-type"]],
  ["response_headers_conformance", ["responses/headers"]],
  ["response_schema_conformance", ["responses/body", "responses/error-body"]],
  ["positive_data_acceptance", ["responses/accepted"]],
  [
    "negative_data_rejection",
    [
      "input/limit",
      "input/enum",
      "input/malformed-cursor",
      "input/unknown-cursor",
      "input/hostile-id",
      "input/malformed-body",
      "input/missing-parameter"
    ]
  ],
  ["missing_required_header", ["input/missing-parameter"]],
  ["unsupported_method", ["input/undocumented-method"]],
  ["use_after_free", ["lifecycle/deleted-from-get", "lifecycle/deleted-from-lists", "lifecycle/deleted-again"]],
  ["ensure_resource_availability", ["lifecycle/created-in-get", "lifecycle/created-in-list"]],
  ["ignored_auth", ["access/no-key", "access/wrong-key", "access/malformed-header"]],
  ["max_response_time", ["responses/time"]]
]

const known = new Set(WorkOs.suite.laws.map(({ id }) => id))
for (const [check, laws] of schemathesis) {
  for (const law of laws) if (!known.has(law)) throw new Error(`${check} has no counterpart ${law}`)
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const row = ({ id, sentence, severity, source, writes }: Law): string => {
  const notes = [...(severity === "drift" ? ["drift"] : []), ...(writes === true ? ["`--writes`"] : [])].join(", ")
  const origin = source.url === undefined ? source.text : `${source.text} [Reference](${source.url})`
  return `| \`${id}\` | ${cell(sentence)} | ${source.kind} | ${cell(origin)} | ${notes} |`
}

const sections = [...Map.groupBy(WorkOs.suite.laws, ({ id }) => familyOf(id))].map(([family, laws]) =>
  [
    `## ${titles[family] ?? family}`,
    ["| law | says | rests on | which says | |", "| --- | --- | --- | --- | --- |", ...laws.map(row)].join("\n")
  ].join("\n\n")
)

const document = [
  "# The laws of the contract",
  `${WorkOs.suite.laws.length} laws that \`effect-workos verify\` holds a server to. Each is a property: it is tried on generated requests, on real data and on hostile values, and what fails is cut down to the smallest request. A law is *documented* where its sentence stands in WorkOS's documentation, and *expected* where it follows from one or from what every reader takes for granted. A law of *drift* is about what no source documents: it is reported, and fails with \`--strict\`. [The guide](../contract.md) says how to use them, and [the mutants](mutants.md) what they catch.`,
  "Written by `npx -y pnpm@12 laws`; all but the last section hold for any `HttpApi`.",
  ...sections,
  "## Next to Schemathesis",
  "The checks of [Schemathesis](https://schemathesis.readthedocs.io/en/stable/reference/checks/), and where they are here. Of lists it has none: pages, order, cursors and filters are where list APIs break.",
  [
    "| check | here |",
    "| --- | --- |",
    ...schemathesis.map(([check, laws]) => `| \`${check}\` | ${laws.map((law) => `\`${law}\``).join(", ")} |`)
  ].join("\n"),
  ""
].join("\n\n")

Page.write("docs/generated/laws.md", document, { command: "laws", source: "the laws" })
