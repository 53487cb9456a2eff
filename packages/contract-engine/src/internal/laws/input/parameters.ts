// Laws of the set of parameters: required ones, and ones that exclude each other.
import * as Effect from "effect/Effect"
import * as Generate from "../../Generate.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import type { Request } from "../../../Exchange.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"
import { withPosition } from "./invalidValues.ts"

const missingParameter: Law.Law = {
  id: "input/missing-parameter",
  sentence: "The server refuses a request without a required parameter or header.",
  source: Law.expected("A required parameter is not optional."),
  severity: "error",
  appliesTo: ({ headers, isSafe, query }) => isSafe && [...query, ...headers].some(({ isRequired }) => isRequired),
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const cases = yield* Generate.documented(operation)
      const required = [...operation.query, ...operation.headers].filter(({ isRequired }) => isRequired)
      return yield* Property.forAll(
        withPosition(cases, required.length),
        ({ position, request }) => {
          const name = required[position]?.name
          const without: Request = {
            ...request,
            query: request.query.filter((entry) => entry[0] !== name),
            headers: Object.fromEntries(Object.entries(request.headers ?? {}).filter((entry) => entry[0] !== name))
          }
          return Effect.map(sendCached(without), (exchange) =>
            checkRefused(operation, exchange, 0, description.conventions)
          )
        },
        { seed: `${operation.id} missing` }
      )
    })
}

const exclusiveParameters: Law.Law = {
  id: "input/exclusive-parameters",
  sentence: "The server refuses a request with two parameters that exclude each other.",
  source: Law.expected("The documentation states that the parameters exclude each other."),
  severity: "drift",
  cost: { base: 10 },
  appliesTo: ({ id, isSafe }, { conventions: { exclusive } }) => isSafe && exclusive?.[id] !== undefined,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const { conventions } = description
      const valuesOf = yield* Generate.sampleValues(operation)
      const pairs = (conventions.exclusive?.[operation.id] ?? []).flatMap((group) =>
        group.flatMap((first, index) =>
          group.slice(index + 1).flatMap((second) => {
            const others = valuesOf(second)
            return valuesOf(first)
              .slice(0, 5)
              .flatMap((value, at) => {
                const other = Generate.elementAt(others, at)
                return other === undefined ? [] : [{ first, value, second, other }]
              })
          })
        )
      )
      if (pairs.length === 0) return Law.skipped("no two parameters that exclude each other have known values")
      const plain = yield* Generate.minimal(operation)
      return yield* Property.forEach(pairs, ({ first, other, second, value }) =>
        Effect.map(
          sendCached(Generate.withParameter(Generate.withParameter(plain, first, value), second, other)),
          (exchange) => checkRefused(operation, exchange, 0, conventions)
        )
      )
    })
}

/**
 * The laws of the set of parameters.
 */
export const parameters: ReadonlyArray<Law.Law> = [missingParameter, exclusiveParameters]
