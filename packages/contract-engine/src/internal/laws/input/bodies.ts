// Laws of request bodies.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import { fieldsOf } from "../../../ApiOperation.ts"
import type { Request } from "../../../Exchange.ts"
import { resourceOperationsOf } from "../../../ResourceOperations.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"

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
      const session = yield* Session
      const { payload } = operation
      if (payload === undefined) return Law.skipped("the operation has no payload")
      const isDocumented = Schema.is(Schema.toEncoded(payload))
      const resource = resourceOperationsOf(operation, session.description)
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
      const bodies: ReadonlyArray<Request["body"]> = [
        { text: "" },
        { text: "{" },
        { text: "not json" },
        { text: '{"a":1}}' },
        ...jsons.filter((json) => !isDocumented(json)).map((json) => ({ json }))
      ]
      const refused = (plain: Request) =>
        Property.forEach(bodies, (body) =>
          Effect.gen(function* () {
            const request: Request = { ...plain, ...(body === undefined ? {} : { body }) }
            if (!Lifecycle.isCreatable(resource) || resource.create !== operation) {
              return checkRefused(operation, yield* session.send(request), 0, session.description.conventions)
            }
            // A resource created by mistake is deleted.
            const { exchange } = yield* Lifecycle.sendCreate(resource, request)
            return checkRefused(operation, exchange, 0, session.description.conventions)
          })
        )
      if (operation.params.length === 0) return yield* refused(Lifecycle.itemRequest(operation, ""))
      // An unknown id would return 404 for any body, so the law needs an existing resource.
      const creatable = yield* Lifecycle.creatableOf(operation, session.description)
      const [body = {}] = yield* Lifecycle.sampleBodies(creatable.create, 1)
      const created = yield* Lifecycle.createOne(creatable, body)
      return yield* Lifecycle.thenRemove(created, refused(Lifecycle.itemRequest(operation, created.id)))
    })
}

/**
 * The laws of request bodies.
 */
export const bodies: ReadonlyArray<Law.Law> = [malformedBody]
