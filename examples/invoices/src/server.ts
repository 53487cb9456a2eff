// A minimal server for the invoices API.
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import { BadInput, type Invoice, InvoicesApi, NotFound, Refused } from "./InvoicesApi.ts"

/** The sample invoices, newest first. */
export const samples: ReadonlyArray<Invoice> = Array.from({ length: 120 }, (_, index) => {
  const number = 120 - index
  const lines = Array.from({ length: 1 + (number % 3) }, (_, line) => ({
    text: `Item ${line}`,
    cents: 100 * number + line
  }))
  return {
    id: `inv_${String(number).padStart(6, "0")}`,
    customer: ["ada", "grace", "barbara"][number % 3] ?? "",
    lines,
    total: lines.reduce((sum, { cents }) => sum + cents, 0),
    issued: new Date(Date.UTC(2026, 0, number)).toISOString()
  }
})

const layerInvoices = (invoices: ReadonlyArray<Invoice>) =>
  HttpApiBuilder.group(InvoicesApi, "invoices", (handlers) =>
    handlers
      .handle("list", ({ query: { customer, limit = 20, starting_after } }) => {
        const place = invoices.findIndex(({ id }) => id === starting_after)
        if (starting_after !== undefined && place === -1)
          return Effect.fail(new Refused({ message: "no such invoice" }))
        const rest = invoices.slice(place + 1).filter((one) => customer === undefined || one.customer === customer)
        const page = rest.slice(0, limit)
        return Effect.succeed({ invoices: page, next: rest.length > limit ? (page.at(-1)?.id ?? null) : null })
      })
      .handle("get", ({ params }) => {
        const invoice = invoices.find(({ id }) => id === params.id)
        return invoice === undefined
          ? Effect.fail(new NotFound({ message: "no such invoice" }))
          : Effect.succeed(invoice)
      })
  )

const layerBadInput = HttpApiMiddleware.layerSchemaErrorTransform(BadInput, ({ kind }) =>
  Effect.fail(new Refused({ message: `invalid request: ${kind}` }))
)

export const layerRoutes = (invoices: ReadonlyArray<Invoice> = samples) =>
  HttpApiBuilder.layer(InvoicesApi).pipe(Layer.provide(layerInvoices(invoices)), Layer.provide(layerBadInput))

/** The sample invoices, one of which has a wrong total. */
export const broken = samples.map((one, index) => (index === 70 ? { ...one, total: one.total + 1 } : one))
