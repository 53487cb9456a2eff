// Requests with one invalid parameter value.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Generate from "../../Generate.ts"
import * as Shape from "../../Shape.ts"
import * as KnownValues from "../../KnownValues.ts"
import * as Pagination from "../../Pagination.ts"
import * as Sampling from "../../../Sampling.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import { type ApiConventions, areExclusive } from "../../../ApiConventions.ts"
import type { ApiOperation, Parameter } from "../../../ApiOperation.ts"
import type { Request, NoResponse } from "../../../Exchange.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"

/**
 * Checks that the server refuses documented requests in which one parameter has an invalid value.
 */
export const refusesParameterValues =
  (
    parameters: (operation: ApiOperation) => ReadonlyArray<Parameter>,
    values: (parameter: Parameter, ids: ReadonlyArray<string>) => ReadonlyArray<string>
  ) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const ids = (yield* Sampling.idsOf(KnownValues.ownLists(operation, description), description.conventions)).slice(
        0,
        1
      )
      const bad = parameters(operation).flatMap((parameter) =>
        values(parameter, ids)
          .filter((value) => !parameter.accepts(value))
          .map((value) => ({ name: parameter.name, value }))
      )
      if (bad.length === 0) return Law.skipped("every value is documented")
      const check = (request: Request, name: string, value: string) =>
        Effect.map(sendCached(request), (exchange) => {
          const verdict = checkRefused(operation, exchange, value.length, description.conventions, name)
          return verdict._tag === "Violation" ? withDocumentedValues(verdict, operation, name) : verdict
        })
      const plain = yield* Generate.minimal(operation)
      const cases = yield* Generate.documented(operation)
      return yield* Property.all(
        Property.forEach(bad, ({ name, value }) => check(Generate.withParameter(plain, name, value), name, value)),
        Property.forAll(
          withPosition(cases, bad.length),
          ({ position, request }) => {
            const one = bad[position]
            return one === undefined
              ? Effect.succeed(Property.inconclusive)
              : check(
                  Generate.withParameter(
                    withoutConflicts(operation, request, one.name, description.conventions),
                    one.name,
                    one.value
                  ),
                  one.name,
                  one.value
                )
          },
          { seed: `${operation.id} bad` }
        )
      )
    })

// Adds the documented values of an enumeration to the expected response.
const withDocumentedValues = (violation: Law.Violation, { query }: ApiOperation, name: string): Law.Violation => {
  const { literals = [] } = query.find((parameter) => parameter.name === name) ?? {}
  if (literals.length === 0) return violation
  return { ...violation, expected: `${violation.expected}; documented values: ${Shape.describeValues(literals)}` }
}

/**
 * Adds a position below `count` to each request.
 */
export const withPosition = (cases: Arbitrary.Arbitrary<Request>, count: number) =>
  Arbitrary.all({ request: cases, position: Generate.intBelow(count) })

/**
 * Removes cursors and the parameters that exclude `parameter`: the server could refuse the request because of these.
 */
export const withoutConflicts = (
  operation: ApiOperation,
  request: Request,
  parameter: string,
  conventions: ApiConventions
): Request => {
  const lists = Sampling.listsOf(operation, conventions)
  const positions = lists === undefined ? [] : Pagination.parametersOf(lists.pagination)
  return {
    ...request,
    query: request.query.filter(
      ([name]) => !positions.includes(name) && !areExclusive(conventions, operation.id, parameter, name)
    )
  }
}
