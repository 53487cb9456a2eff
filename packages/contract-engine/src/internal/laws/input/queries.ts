// Laws of unusual queries: unknown, repeated and empty parameters, and unusual spellings of numbers.
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Filter, Lists } from "../../../ApiConventions.ts"
import type { ApiOperation, Parameter } from "../../../ApiOperation.ts"
import { describe, type Exchange, type Request } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import * as Sampling from "../../../Sampling.ts"
import { Session } from "../../../Session.ts"
import * as AdversarialInputs from "../../AdversarialInputs.ts"
import * as Generate from "../../Generate.ts"
import { allOf, inParameter, checkPageSize, checkSameResources, checkSameStatus, checkStatus } from "./variants.ts"

const hasQuery: Law.Law["appliesTo"] = ({ isSafe, query }) => isSafe && query.length > 0

const unknownParameter: Law.Law = {
  id: "input/unknown-parameter",
  sentence: "An unknown query parameter changes nothing, or the server refuses it.",
  source: Law.expected("Links, proxies and newer clients add parameters that a server does not know."),
  severity: "error",
  comparesLists: true,
  cost: { base: 8 },
  appliesTo: ({ isSafe }) => isSafe,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, send } = yield* Session
      const { conventions } = description
      const documented = yield* send(yield* Generate.minimal(operation))
      return yield* Property.forEach(AdversarialInputs.parameterNames, (name) =>
        Effect.map(send(Generate.withParameter(documented.request, name, "1")), (variant) =>
          inParameter(
            name,
            allOf(
              checkSameStatus(operation, documented, variant, conventions),
              checkSameResources(operation, documented, variant, conventions)
            )
          )
        )
      )
    })
}

interface Repetition {
  readonly parameter: string
  readonly request: Request
  /** The filter that the parameter is, if any, and its two values. */
  readonly filter?: Filter
  readonly values: ReadonlyArray<string>
}

const repeatedParameter: Law.Law = {
  id: "input/repeated-parameter",
  sentence:
    "The server refuses a repeated query parameter, or returns at most the maximum number of rows, each of which matches one of the values.",
  source: Law.expected("A parameter has one value. Checking one value and using another evades the check."),
  severity: "error",
  cost: { base: 5, perParameter: 1 },
  appliesTo: hasQuery,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const { conventions } = description
      const lists = Sampling.listsOf(operation, conventions)
      return yield* Property.forEach(yield* repetitionsOf(operation), (repetition) =>
        Effect.map(sendCached(repetition.request), (variant) =>
          inParameter(
            repetition.parameter,
            allOf(
              checkStatus(operation, variant, conventions),
              checkPageSize(lists, variant, lists?.limit.maximum ?? Infinity),
              checkMatches(lists, variant, repetition)
            )
          )
        )
      )
    })
}

// Each parameter twice, and a parameter as an array and as an object.
const repetitionsOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const { filters = {} } = description.conventions
  const lists = Sampling.listsOf(operation, description.conventions)
  const plain = yield* Generate.minimal(operation)
  const valuesOf = yield* Generate.sampleValues(operation)
  const rows = lists === undefined ? [] : (yield* Sampling.listing(operation, lists)).known.descending
  const twice = ({ name }: Parameter): ReadonlyArray<Repetition> => {
    const filter = filters[operation.id]?.find(({ parameter }) => parameter === name)
    const known = filter === undefined ? [] : distinct(rows.flatMap((row) => filter.sample(row)))
    const [first = "1", ...others] = known.length === 0 ? valuesOf(name) : known
    const values = [first, others.at(-1) ?? first]
    const request = repeated(plain, name, values)
    const repetition = { parameter: name, request, values }
    return [known.length === 0 || filter === undefined ? repetition : { ...repetition, filter }]
  }
  const limit = lists?.limit.parameter
  // The array and the object stand for all parameters: they are parsed alike.
  const [nested] = operation.query.filter(({ name }) => limit === undefined || name === limit)
  return [
    ...operation.query.flatMap(twice),
    ...(lists === undefined ? [] : excessiveLimits(plain, lists)),
    ...(nested === undefined ? [] : [`${nested.name}[]`, `${nested.name}[x]`]).map((parameter) => ({
      parameter,
      request: Generate.withParameter(plain, parameter, "1"),
      values: ["1"]
    }))
  ]
})

// One valid and one excessive limit, in both orders.
const excessiveLimits = (plain: Request, { limit: { maximum, parameter } }: Lists): ReadonlyArray<Repetition> => {
  const values = ["1", String(maximum + 1)]
  return [values, values.toReversed()].map((values) => ({
    parameter,
    request: repeated(plain, parameter, values),
    values
  }))
}

const repeated = (plain: Request, name: string, values: ReadonlyArray<string>): Request => ({
  ...plain,
  query: [...plain.query.filter((entry) => entry[0] !== name), ...values.map((value) => [name, value] as const)]
})

const distinct = (values: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(values)]

const checkMatches = (
  lists: Lists | undefined,
  variant: Exchange,
  { filter, values }: Repetition
): Property.CaseResult => {
  const page = lists === undefined ? Result.fail("no conventions of lists") : Sampling.toPage(lists, variant)
  if (filter === undefined || Result.isFailure(page)) return Property.passed
  const stranger = page.success.rows.find((row) => !values.some((value) => filter.matches(row, value)))
  if (stranger === undefined) return Property.passed
  return Law.violation({
    message: `${describe(variant.request)} returned a row that matches neither value`,
    requests: [variant.request],
    expected: "a refusal, or rows that match one of the values",
    actual: JSON.stringify(stranger)
  })
}

const emptyParameter: Law.Law = {
  id: "input/empty-parameter",
  sentence: "The server refuses an empty query parameter, or returns at most the default number of rows.",
  source: Law.expected("Forms send an empty parameter for an empty field."),
  severity: "error",
  cost: { base: 1, perParameter: 1 },
  appliesTo: hasQuery,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const { conventions } = description
      const lists = Sampling.listsOf(operation, conventions)
      const maximum = lists?.limit.defaultValue ?? lists?.limit.maximum ?? Infinity
      const plain = yield* Generate.minimal(operation)
      return yield* Property.forEach(operation.query, ({ name }) =>
        Effect.map(sendCached(Generate.withParameter(plain, name, "")), (variant) =>
          inParameter(name, allOf(checkStatus(operation, variant, conventions), checkPageSize(lists, variant, maximum)))
        )
      )
    })
}

/** The usual example of a page size, which is less than the default of most APIs. */
const usualLimit = 5

const limitSpelling: Law.Law = {
  id: "input/limit-spelling",
  sentence: "The server refuses an unusual spelling of a limit, such as `+5`, `05` or `5.0`, or reads the number.",
  source: Law.expected("A limit that is ignored returns more rows than the client can handle."),
  severity: "error",
  cost: { base: 8 },
  appliesTo: (operation, { conventions }) => Sampling.isList(operation, conventions),
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const { conventions } = description
      const lists = Sampling.listsOf(operation, conventions)
      if (lists === undefined) return Law.skipped("the operation is not a list")
      const { known } = yield* Sampling.listing(operation, lists)
      // Fewer than there are rows, so that a server that ignores the limit returns more.
      const limit = Math.max(1, Math.min(usualLimit, known.descending.length - 1))
      const plain = yield* Generate.minimal(operation)
      return yield* Property.forEach(AdversarialInputs.spellings, (spell) =>
        Effect.map(sendCached(Generate.withParameter(plain, lists.limit.parameter, spell(limit))), (variant) =>
          inParameter(
            lists.limit.parameter,
            allOf(checkStatus(operation, variant, conventions), checkPageSize(lists, variant, limit))
          )
        )
      )
    })
}

/**
 * The laws of unusual queries.
 */
export const queries: ReadonlyArray<Law.Law> = [unknownParameter, repeatedParameter, emptyParameter, limitSpelling]
