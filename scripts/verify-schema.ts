// Writes packages/cli/verify.schema.json: the JSON schema of the configuration file of `verify`, for editors. With --check,
// verifies that the file is up to date.
//
//   pnpm verify-schema
import * as Schema from "effect/Schema"
import { VerifyConfig } from "../packages/cli/src/VerifyConfig.ts"
import * as Page from "./Page.ts"

const { schema } = Schema.toJsonSchemaDocument(VerifyConfig, { onExcessProperty: "error" })

const document = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "The configuration of effect-workos verify",
  ...schema
}

Page.write("packages/cli/verify.schema.json", JSON.stringify(document, undefined, 2), {
  command: "verify-schema",
  source: "the settings of verify"
})
