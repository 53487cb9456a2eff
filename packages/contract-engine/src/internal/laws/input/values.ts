// Laws of parameter values: page sizes, enumerations and cursors.
import * as Effect from "effect/Effect"
import * as Generate from "../../Generate.ts"
import * as Sampling from "../../../Sampling.ts"
import * as AdversarialInputs from "../../AdversarialInputs.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import type { Lists } from "../../../ApiConventions.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"
import { withPosition, withoutConflicts, refusesParameterValues } from "./invalidValues.ts"

const isList: Law.Law["appliesTo"] = (operation, { conventions }) => Sampling.isList(operation, conventions.lists)

const limit: Law.Law = {
  id: "input/limit",
  sentence: "The server refuses an invalid `limit`, such as 0, 101, -1, 1.5, text or a huge number.",
  source: Law.expected("The documentation states the bounds of the limit."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.flatMap(Session, ({ description }) => {
      const { maximum, parameter: name } = description.conventions.lists?.limit ?? {}
      return refusesParameterValues(
        ({ query }) => query.filter((parameter) => parameter.name === name),
        () => [...AdversarialInputs.limits, ...(maximum === undefined ? [] : [String(maximum + 1)])]
      )(operation)
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
  )
}

const cursorsOf = (operation: ApiOperation, lists: Lists | undefined) =>
  operation.query.filter(({ name }) => name === lists?.after || name === lists?.before)

const malformedCursor: Law.Law = {
  id: "input/malformed-cursor",
  sentence: "The server refuses a malformed cursor.",
  source: Law.expected("A cursor is the id of an existing resource."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.flatMap(Session, ({ description: { conventions } }) =>
      refusesParameterValues(
        (operation) => cursorsOf(operation, conventions.lists),
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
    )
}

const unknownCursor: Law.Law = {
  id: "input/unknown-cursor",
  sentence: "The server refuses a well-formed cursor that is not the id of an existing resource.",
  source: Law.expected("A list that restarts at its first page for an unknown cursor never ends."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const { lists } = description.conventions
      const cursors = cursorsOf(operation, lists)
      const rows = yield* Sampling.rowsOf([operation], lists)
      const like = lists === undefined || rows[0] === undefined ? undefined : String(rows[0][lists.id])
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
