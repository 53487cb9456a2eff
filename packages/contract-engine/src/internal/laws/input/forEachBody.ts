// Bodies of write requests.
import * as Effect from "effect/Effect"
import type { ApiOperation } from "../../../ApiOperation.ts"
import type { Body, Exchange } from "../../../Exchange.ts"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Property from "../../../Property.ts"
import { resourceOperationsOf } from "../../../ResourceOperations.ts"
import { Session } from "../../../Session.ts"

/**
 * Sends bodies for an operation and checks each response. Resources that a request creates are deleted.
 */
export const forEachBody = Effect.fnUntraced(function* (
  operation: ApiOperation,
  bodies: ReadonlyArray<Body>,
  check: (exchange: Exchange) => Property.CaseResult
) {
  const session = yield* Session
  const resource = resourceOperationsOf(operation, session.description)
  const checkAll = (id: string) =>
    Property.forEach(bodies, (body) => {
      const request = { ...Lifecycle.itemRequest(operation, id), body }
      return Lifecycle.isCreatable(resource) && resource.create === operation
        ? Effect.map(Lifecycle.sendCreate(resource, request), ({ exchange }) => check(exchange))
        : Effect.map(session.send(request), check)
    })
  if (operation.params.length === 0) return yield* checkAll("")
  // An unknown id would return 404 for any body, so an existing resource is needed.
  const creatable = yield* Lifecycle.creatableOf(operation, session.description)
  const [body = {}] = yield* Lifecycle.sampleBodies(creatable.create, 1)
  const created = yield* Lifecycle.createOne(creatable, body)
  return yield* Lifecycle.thenRemove(created, checkAll(created.id))
})
