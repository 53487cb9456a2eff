// Laws of request bodies.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Law from "../../../Law.ts"
import { fieldsOf } from "../../../ApiOperation.ts"
import type { Body } from "../../../Exchange.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"
import { forEachBody } from "./forEachBody.ts"

const malformedBody: Law.Law = {
  id: "input/malformed-body",
  sentence: "The server refuses a body that does not have the documented shape, and creates nothing.",
  source: Law.expected("The documentation states the shape of the body."),
  severity: "error",
  writes: true,
  cost: { base: 60 },
  appliesTo: ({ payload }) => payload !== undefined,
  check: (operation) =>
    Effect.gen(function* () {
      const { description } = yield* Session
      const { payload } = operation
      if (payload === undefined) return Law.skipped("the operation has no payload")
      const isDocumented = Schema.is(Schema.toEncoded(payload))
      const good = yield* Effect.forEach(yield* Lifecycle.sampleBodies(operation, 3), (body) =>
        Lifecycle.bodyOf(operation, body)
      )
      const jsons: ReadonlyArray<unknown> = [
        {},
        [],
        null,
        "text",
        42,
        ...good.flatMap((body) =>
          fieldsOf(payload).flatMap((name) => [
            { ...body, [name]: 42 },
            { ...body, [name]: null },
            { ...body, [name]: [] },
            Object.fromEntries(Object.entries(body).filter((entry) => entry[0] !== name))
          ])
        )
      ]
      const bodies: ReadonlyArray<Body> = [
        { text: "" },
        { text: "{" },
        { text: "not json" },
        { text: '{"a":1}}' },
        ...jsons.filter((json) => !isDocumented(json)).map((json) => ({ json }))
      ]
      return yield* forEachBody(operation, bodies, (exchange) =>
        checkRefused(operation, exchange, 0, description.conventions)
      )
    })
}

/**
 * The laws of request bodies.
 */
export const bodies: ReadonlyArray<Law.Law> = [malformedBody]
