// Laws of unusual request headers.
import * as Effect from "effect/Effect"
import { type Body, describe, type Exchange, excerpt } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Property from "../../../Property.ts"
import { resourceOperationsOf } from "../../../ResourceOperations.ts"
import { Session } from "../../../Session.ts"
import * as AdversarialInputs from "../../AdversarialInputs.ts"
import * as Generate from "../../Generate.ts"
import { forEachBody } from "./forEachBody.ts"
import { rfc9110 } from "./rfc9110.ts"
import { allOf, checkSameStatus, checkStatus, isVariantRefused } from "./variants.ts"

const accept: Law.Law = {
  id: "input/accept",
  sentence: "For an `Accept` header without JSON, the server returns the documented response, or 406.",
  source: rfc9110(
    "12.5.1",
    "A server “can either honor the header field by sending a 406 (Not Acceptable) response or disregard the header field”."
  ),
  severity: "error",
  cost: { base: 3 },
  appliesTo: ({ isSafe }) => isSafe,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const plain = yield* Generate.minimal(operation)
      return yield* Property.forEach(AdversarialInputs.accepts, (accept) =>
        Effect.gen(function* () {
          const documented = yield* sendCached(plain)
          const variant = yield* sendCached({ ...plain, headers: { ...plain.headers, accept } })
          return allOf(
            checkSameStatus(operation, documented, variant, description.conventions, [406]),
            checkSameType(documented, variant)
          )
        })
      )
    })
}

const checkSameType = (documented: Exchange, variant: Exchange): Property.CaseResult => {
  const [expected, actual] = [documented, variant].map(
    ({ response }) => response.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() ?? "none"
  )
  if (variant.response.status !== documented.response.status || expected === actual) return Property.passed
  return Law.violation({
    message: `${describe(variant.request)} returned the content type ${actual}`,
    requests: [documented.request, variant.request],
    expected: `the content type ${expected}, or 406`,
    actual: excerpt(variant.response),
    at: { header: "content-type" }
  })
}

/** Lengths of a header: more than usual, and more than many servers accept. */
const headerLengths = [8_000, 20_000]

const largeHeader: Law.Law = {
  id: "input/large-header",
  sentence: "The server ignores a large unknown header, or refuses the request with 431 or another 4xx.",
  source: {
    kind: "expected",
    text: "RFC 6585, 5: 431 “indicates that the server is unwilling to process the request because its header fields are too large.”",
    url: "https://www.rfc-editor.org/rfc/rfc6585#section-5"
  },
  severity: "error",
  cost: { base: 3 },
  // All operations of a server have the same limit. A server may close the connection for each such request.
  appliesTo: (operation, { operations }) => operations.find(({ isSafe }) => isSafe) === operation,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const plain = yield* Generate.minimal(operation)
      return yield* Property.forEach(headerLengths, (length) =>
        Effect.gen(function* () {
          const documented = yield* sendCached(plain)
          const headers = { ...plain.headers, "x-large": "a".repeat(length) }
          return yield* sendCached({ ...plain, headers }).pipe(
            Effect.map((variant) =>
              checkSameStatus(operation, documented, variant, description.conventions, [431, 413, 414, 404, 403])
            ),
            Effect.catchIf(
              ({ reason }) => reason === "connection-error",
              () => Effect.succeed(Property.inconclusive)
            )
          )
        })
      )
    })
}

const contentType: Law.Law = {
  id: "input/content-type",
  sentence:
    "The server refuses a body that is not JSON, such as XML, and accepts or refuses JSON with another content type.",
  source: rfc9110(
    "15.5.16",
    "415 “indicates that the origin server is refusing to service the request because the content is in a format not supported by this method on the target resource.”"
  ),
  severity: "error",
  writes: true,
  cost: { base: 5 },
  appliesTo: ({ payload }) => payload !== undefined,
  check: (operation) =>
    Effect.gen(function* () {
      const { description } = yield* Session
      const { conventions } = description
      // Documented data are sent only for resources that the run can delete.
      const isReversible = Lifecycle.isCreatable(resourceOperationsOf(operation, description))
      const types = isReversible ? ["text/plain", "application/json; charset=no-such-charset"] : []
      const jsons = yield* Effect.forEach(types, (type) =>
        Effect.gen(function* () {
          const [generated = {}] = yield* Lifecycle.sampleBodies(operation, 1, type)
          return { type, text: JSON.stringify(yield* Lifecycle.bodyOf(operation, generated)) }
        })
      )
      return yield* forEachBody(operation, [xml, ...jsons], (exchange) =>
        exchange.request.body === xml && !isVariantRefused(operation, exchange, conventions, [415])
          ? Law.violation({
              message: `${describe(exchange.request)} returned ${exchange.response.status} for XML`,
              requests: [exchange.request],
              expected: "415, or another refusal",
              actual: excerpt(exchange.response),
              at: { status: exchange.response.status }
            })
          : checkStatus(operation, exchange, conventions, [415])
      )
    })
}

const xml: Body = { type: "application/xml", text: "<name>Name</name>" }

/**
 * The laws of unusual request headers.
 */
export const headers: ReadonlyArray<Law.Law> = [accept, largeHeader, contentType]
