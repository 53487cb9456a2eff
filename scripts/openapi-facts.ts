// Writes packages/domain/test/evidence/openapi-0.61.json: the fields of responses in version 0.61 of WorkOS's OpenAPI
// document, with their values, and if they are required or nullable. The document is not on npm, so the path of a copy is an
// argument. With --check, verifies that the file is up to date.
//
//   node scripts/openapi-facts.ts ../workos-0.61.0.yaml
import { describe, fieldsOf, readDocument } from "../packages/domain/test/evidence/evidence.ts"
import * as Page from "./Page.ts"
import { titled } from "./ResponseSchemas.ts"

const file = process.argv.slice(2).find((argument) => !argument.startsWith("--"))
if (file === undefined) {
  process.stderr.write("The path of the OpenAPI document is missing. Run: node scripts/openapi-facts.ts FILE\n")
  process.exit(1)
}

const document = readDocument(file)

const facts = Object.fromEntries(
  titled.map((described) => [described.title, describe(document, described, fieldsOf(described))])
)

Page.write("packages/domain/test/evidence/openapi-0.61.json", JSON.stringify(facts), {
  command: "openapi-facts FILE",
  source: "the schemas or the document"
})
