// Laws of parameter values: page sizes, enumerations and cursors.
import * as Effect from "effect/Effect"
import * as Generate from "../../Generate.ts"
import * as Pagination from "../../Pagination.ts"
import * as Sampling from "../../../Sampling.ts"
import * as AdversarialInputs from "../../AdversarialInputs.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import type { ApiConventions } from "../../../ApiConventions.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { Session } from "../../../Session.ts"
import { checkRefused, refusesRecorded } from "./refusal.ts"
import { withPosition, withoutConflicts, refusesParameterValues } from "./invalidValues.ts"

const isList: Law.Law["appliesTo"] = (operation, { conventions }) => Sampling.isList(operation, conventions)

const limit: Law.Law = {
  id: "input/limit",
  sentence: "The server refuses an invalid `limit`, such as 0, 101, -1, 1.5, text or a huge number.",
  source: Law.expected("The documentation states the bounds of the limit."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.flatMap(Session, ({ description }) => {
      const { maximum, parameter: name } = Sampling.listsOf(operation, description.conventions)?.limit ?? {}
      return refusesParameterValues(
        ({ query }) => query.filter((parameter) => parameter.name === name),
        () => [...AdversarialInputs.limits, ...(maximum === undefined ? [] : [String(maximum + 1)])]
      )(operation)
    }),
  response: refusesRecorded((operation, conventions) => {
    const name = Sampling.listsOf(operation, conventions)?.limit.parameter
    return operation.query.filter((parameter) => parameter.name === name)
  })
}

const enums: Law.Law = {
  id: "input/enum",
  sentence: "The server refuses an unknown value of an enumerated parameter.",
  source: Law.expected("Ignoring an unknown value of a filter would return every row."),
  severity: "error",
  appliesTo: ({ isSafe, query }) => isSafe && query.some(({ literals }) => literals.length > 0),
  check: refusesParameterValues(
    ({ query }) => query.filter(({ literals }) => literals.length > 0),
    ({ literals }) => [
      ...AdversarialInputs.words,
      ...literals
        .slice(0, 3)
        .flatMap((literal) => [`${literal}X`, literal.slice(1), ` ${literal}`, literal.split("").toReversed().join("")])
    ]
  ),
  response: refusesRecorded(({ query }) => query.filter(({ literals }) => literals.length > 0))
}

const hasCursors: Law.Law["appliesTo"] = (operation, { conventions }) =>
  Sampling.listsOf(operation, conventions)?.pagination._tag === "Cursor"

const hasIdCursors: Law.Law["appliesTo"] = (operation, { conventions }) => {
  const lists = Sampling.listsOf(operation, conventions)
  return lists !== undefined && Pagination.hasIdCursors(lists.pagination)
}

const cursorsOf = (operation: ApiOperation, conventions: ApiConventions) => {
  const lists = Sampling.listsOf(operation, conventions)
  const names = lists === undefined ? [] : Pagination.parametersOf(lists.pagination)
  return operation.query.filter(({ name }) => names.includes(name))
}

const malformedCursor: Law.Law = {
  id: "input/malformed-cursor",
  sentence: "The server refuses a malformed cursor.",
  source: Law.expected("A cursor is the id of an existing resource."),
  severity: "error",
  appliesTo: hasCursors,
  check: (operation) =>
    Effect.flatMap(Session, ({ description: { conventions } }) =>
      refusesParameterValues(
        (operation) => cursorsOf(operation, conventions),
        (_, [id = ""]) => [
          ...AdversarialInputs.ids,
          ...(id === ""
            ? []
            : [
                `${id}/`,
                ` ${id}`,
                `${id}'`,
                `${id},${id}`,
                id.replace(/^[a-z_]+_/, ""),
                id.replace(/^[a-z_]+_/, "other_")
              ])
        ]
      )(operation)
    ),
  response: refusesRecorded(cursorsOf)
}

const unknownCursor: Law.Law = {
  id: "input/unknown-cursor",
  sentence: "The server refuses a well-formed cursor that is not the id of an existing resource.",
  source: Law.expected("A list that restarts at its first page for an unknown cursor never ends."),
  severity: "error",
  cost: { base: 0, perRun: 1 },
  appliesTo: hasIdCursors,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const cursors = cursorsOf(operation, description.conventions)
      const [like] = yield* Sampling.idsOf([operation], description.conventions)
      const cases = yield* Generate.documented(operation)
      return yield* Property.forAll(
        withPosition(cases, 100_000),
        ({ position, request }) => {
          const parameter = cursors[position % cursors.length]
          const value = Generate.unknownId(parameter, position, description.conventions, like)
          if (parameter?.accepts(value) !== true) return Effect.succeed(Property.inconclusive)
          const documented = withoutConflicts(operation, request, parameter.name, description.conventions)
          const variant = Generate.withParameter(documented, parameter.name, value)
          return Effect.map(sendCached(variant), (exchange) =>
            checkRefused(operation, exchange, 0, description.conventions)
          )
        },
        { seed: `${operation.id} cursors`, skipReason: "the format of a cursor is unknown" }
      )
    })
}

/**
 * The laws of parameter values.
 */
export const values: ReadonlyArray<Law.Law> = [limit, enums, malformedCursor, unknownCursor]
