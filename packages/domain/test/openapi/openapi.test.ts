// Comparison of the described operations with WorkOS's OpenAPI descriptions.
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parse } from "yaml"
import * as ApiError from "../../src/ApiError.ts"
import * as ApiErrorResponse from "../../src/ApiErrorResponse.ts"
import type { Endpoint } from "../../src/Endpoint.ts"
import * as Event from "../../src/events/Event.ts"
import { eventTypes } from "../../src/events/EventTypes.ts"
import * as resources from "../../src/resources.ts"
import { difference, factsOf, operations, type Difference } from "./facts.ts"
import { intendedDifferences, unlistedOperations } from "./intended-differences.ts"
import type { Edition, IntendedDifference } from "./intended/entries.ts"
import { errorBodiesOf, exampleOf, json, list, meaningOf, resolve, type Json } from "./meaning.ts"
import { ours } from "./ours.ts"
import { withOurNames } from "./paths.ts"

const editions: ReadonlyArray<{ readonly edition: Edition; readonly file: string }> = [
  { edition: "0.1", file: fileURLToPath(import.meta.resolve("@workos/openapi-spec/spec")) },
  // Not on npm, so it is compared only if a copy exists next to the checkout.
  {
    edition: "0.61",
    file: fileURLToPath(new URL("../../../../../shared/openapi/workos-0.61.0.yaml", import.meta.url))
  }
]

const explains = (entry: IntendedDifference, difference: Difference) =>
  entry.place.test(difference.place) && entry.differs(difference)

const endpoints: ReadonlyArray<Endpoint> = Object.values(resources).flatMap(({ endpoints }) =>
  Object.values<Endpoint>(endpoints)
)

const errorsOf = ({ access, errors = [] }: Endpoint): ReadonlyArray<ApiError.ErrorResponse> =>
  access === "public" ? errors : [ApiError.Unauthorized, ApiError.TooManyRequests, ...errors]

const bodiesOf = (theirs: unknown, { method, path }: Endpoint, status: number): ReadonlyArray<Json> => {
  const item = json(json(json(theirs)["paths"])[path.replaceAll(/:(\w+)/g, "{$1}")])
  const response = json(json(json(item[method.toLowerCase()])["responses"])[status])
  return Object.values(json(resolve(theirs, response)["content"])).flatMap((media) =>
    errorBodiesOf(theirs, json(media)["schema"])
  )
}

const document = ours()
const described = operations(document)

describe.each(editions)("WorkOS's OpenAPI description, edition $edition", ({ edition, file }) => {
  const present = existsSync(file)
  const theirs: unknown = present ? withOurNames(parse(readFileSync(file, "utf8"))) : undefined

  it.skipIf(!present)(
    `Edition ${edition} of WorkOS's OpenAPI description contains all of our operations, except for the listed ones`,
    () => {
      assert.isAbove(described.length, 0)
      assert.deepStrictEqual(
        described.filter((operation) => !operations(theirs).includes(operation)).toSorted(),
        unlistedOperations
          .filter((entry) => entry.editions.includes(edition))
          .map(({ operation }) => operation)
          .toSorted()
      )
    }
  )

  it.skipIf(!present)(`Edition ${edition} of WorkOS's OpenAPI description differs from ours only as listed`, () => {
    const entries = intendedDifferences.filter((entry) => entry.editions.includes(edition))
    const listed = described.filter((operation) => operations(theirs).includes(operation))
    const differences = difference(factsOf(document, listed), factsOf(theirs, listed))
    assert.deepStrictEqual(
      differences.filter((difference) => !entries.some((entry) => explains(entry, difference))),
      [],
      "unlisted differences"
    )
    assert.deepStrictEqual(
      entries.filter((entry) => !differences.some((difference) => explains(entry, difference))),
      [],
      "listed differences that do not exist"
    )
  })

  it.skipIf(!present)(
    `All errors in edition ${edition} of WorkOS's OpenAPI description decode to errors with a message`,
    () => {
      const decoded = endpoints.flatMap((endpoint) =>
        errorsOf(endpoint).flatMap((response) => {
          const decode = Schema.decodeUnknownSync(ApiErrorResponse.of(response))
          return bodiesOf(theirs, endpoint, response.status).map(
            (body) => [body, decode({ body, headers: {} })] as const
          )
        })
      )
      assert.isAbove(decoded.length, 50)
      for (const [body, { code, message }] of decoded) {
        const { code: given, error, error_description: description, message: text } = body
        assert.strictEqual<unknown>(message, Array.isArray(text) ? text.join("; ") : (text ?? description ?? error))
        assert.strictEqual<unknown>(code, given)
      }
    }
  )

  it.skipIf(!present)(
    `Samples of events in edition ${edition} of WorkOS's OpenAPI description decode, typed or unknown, and encode to the same JSON`,
    () => {
      const events = list(meaningOf(theirs, { $ref: "#/components/schemas/EventSchema" })["anyOf"])
      assert.isAbove(events.length, 90)
      const typed = events.flatMap((event) => {
        const wire = json(exampleOf(theirs, event))
        const decoded = Schema.decodeUnknownSync(Event.Event)(wire)
        assert.strictEqual<unknown>(decoded.event, wire["event"])
        const encoded = Schema.encodeSync(Event.Event)(decoded)
        // Encoding writes `null` for absent fields that only the newer edition requires.
        const added = Object.entries(json(encoded.data)).filter(([, value]) => value === null)
        assert.deepStrictEqual<unknown>(encoded, {
          ...wire,
          data: { ...Object.fromEntries(added), ...json(wire["data"]) }
        })
        if (Event.isTyped(decoded)) return [decoded.event]
        assert.deepStrictEqual<unknown>(decoded.data, wire["data"])
        assert.isTrue(Schema.is(Event.UnknownEvent)(decoded))
        return []
      })
      const names = new Set(events.map((event) => String(json(exampleOf(theirs, event))["event"])))
      assert.deepStrictEqual(
        typed.toSorted(),
        Object.keys(eventTypes)
          .filter((name) => names.has(name))
          .toSorted()
      )
      // The older edition lacks some types.
      if (edition === "0.61") assert.strictEqual(typed.length, Object.keys(eventTypes).length)
    }
  )
})
