// The contract of the invoices API: its conventions, the laws that apply to any API, and a custom law.
import * as ApiConventions from "@effect-workos/contract-engine/ApiConventions"
import * as Law from "@effect-workos/contract-engine/Law"
import { laws } from "@effect-workos/contract-engine/laws"
import * as Property from "@effect-workos/contract-engine/Property"
import * as Responses from "@effect-workos/contract-engine/Responses"
import * as Suite from "@effect-workos/contract-engine/Suite"
import * as Schema from "effect/Schema"
import { Invoice, InvoicesApi } from "./InvoicesApi.ts"

const One = Schema.is(Invoice)
const Page = Schema.is(Schema.Struct({ invoices: Schema.Array(Invoice) }))

/** Returns the invoices of a response: one page, or a single invoice. */
const invoicesIn = (json: unknown): ReadonlyArray<Invoice> => (Page(json) ? json.invoices : One(json) ? [json] : [])

const sumOf = ({ lines }: Invoice) => lines.reduce((sum, { cents }) => sum + cents, 0)

const totalIsSum: Law.Law = {
  id: "invoices/total",
  sentence: "The total of an invoice is the sum of its lines.",
  source: Law.expected("Our accounting handbook, chapter 2."),
  severity: "error",
  appliesTo: ({ id }) => id.startsWith("invoices."),
  ...Responses.forEachResponse(({ request, response }) => {
    const invoices = invoicesIn(response.json)
    if (invoices.length === 0) return Property.inconclusive
    const wrong = invoices.find((invoice) => invoice.total !== sumOf(invoice))
    if (wrong === undefined) return Property.passed
    return Law.violation({
      message: `${wrong.id} has a total that is not the sum of its lines`,
      requests: [request],
      expected: `${sumOf(wrong)} cents`,
      actual: `${wrong.total} cents`
    })
  }, "no response had an invoice")
}

export const suite = Suite.make({
  api: InvoicesApi,
  laws: [...laws, totalIsSum],
  conventions: {
    lists: {
      items: ["invoices"],
      pagination: { _tag: "Cursor", cursors: "ids", after: "starting_after", next: ["next"] },
      limit: { parameter: "limit", defaultValue: 20, maximum: 50 },
      id: "id",
      created: "issued"
    },
    filters: { "invoices.list": [ApiConventions.equals("customer")] }
  }
})
