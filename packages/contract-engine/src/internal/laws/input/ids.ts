// Laws of ids in paths.
import * as Effect from "effect/Effect"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as AdversarialInputs from "../../AdversarialInputs.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import * as KnownRows from "../../KnownRows.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"

const adversarialId: Law.Law = {
  id: "input/adversarial-id",
  sentence:
    "The server refuses a malformed id, such as an id with slashes, dots, percent signs, spaces or Unicode, or an id of 10 kB.",
  source: Law.expected("An id in a path is untrusted input."),
  severity: "error",
  appliesTo: ({ isSafe, params }) => isSafe && params.length > 0,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const { resources } = yield* KnownRows.knownRowsOf(operation)
      const id = resources[0]?.name
      const near =
        id === undefined
          ? []
          : [
              `${id}/`,
              `${id}/..`,
              `${id}%2F`,
              ` ${id}`,
              `${id} `,
              `${id}?`,
              `${id}#`,
              `${id}.json`,
              `${id}\u0000`,
              `x/${id}`,
              `../${operation.path.split("/")[1] ?? ""}/${id}`
            ]
      const ids = [...AdversarialInputs.ids, ...near].filter((id) =>
        operation.params.some((param) => !param.accepts(id))
      )
      if (ids.length === 0) return Law.skipped("every text is a documented id")
      return yield* Property.forEach(ids, (id) =>
        Effect.map(sendCached(Lifecycle.itemRequest(operation, id)), (exchange) =>
          checkRefused(operation, exchange, id.length, description.conventions)
        )
      )
    })
}

/**
 * The laws of ids in paths.
 */
export const ids: ReadonlyArray<Law.Law> = [adversarialId]
