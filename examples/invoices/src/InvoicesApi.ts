// The invoices API: a paginated list of invoices, newest first, and single invoices.
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Schema from "effect/Schema"

const InvoiceId = Schema.String.check(Schema.isPattern(/^inv_[0-9]{6}$/))

const Line = Schema.Struct({ text: Schema.String, cents: Schema.Int })

export const Invoice = Schema.Struct({
  id: InvoiceId,
  customer: Schema.String,
  lines: Schema.Array(Line),
  total: Schema.Int,
  issued: Schema.String.annotate({ format: "date-time" })
})
export type Invoice = typeof Invoice.Type

export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { message: Schema.String },
  { httpApiStatus: 404 }
) {}
export class Refused extends Schema.TaggedError<Refused>()(
  "Refused",
  { message: Schema.String },
  { httpApiStatus: 400 }
) {}

/** Responds to invalid input of any operation with the error `Refused`. */
export class BadInput extends HttpApiMiddleware.Service<BadInput>()("example/BadInput", { error: Refused }) {}

const Invoices = HttpApiGroup.make("invoices")
  .add(
    HttpApiEndpoint.get("list", "/invoices", {
      query: {
        limit: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))),
        starting_after: Schema.optional(InvoiceId),
        customer: Schema.optional(Schema.String.check(Schema.isMinLength(1)))
      },
      success: Schema.Struct({ invoices: Schema.Array(Invoice), next: Schema.NullOr(InvoiceId) })
    }),
    HttpApiEndpoint.get("get", "/invoices/:id", { params: { id: InvoiceId }, success: Invoice, error: NotFound })
  )
  .middleware(BadInput)

export const InvoicesApi = HttpApi.make("invoices").add(Invoices)
