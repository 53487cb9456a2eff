// The flags of a list's filters, derived from the schema of its query.
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import * as Pagination from "@effect-workos/domain/Pagination"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { snakeToKebab } from "effect/String"
import * as Failure from "./Failure.ts"
import * as Presentation from "./Presentation.ts"
import * as TimeFlag from "./TimeFlag.ts"

/**
 * A filter and the arguments of its flag.
 *
 * **Details**
 *
 * - `texts`: the arguments of the flag, with relative times made absolute. Empty if the flag is not set.
 * - `value`: the value for the client.
 * - `isRelative`: true if an argument is a relative time, which is another absolute time in each run.
 */
export interface Filter {
  readonly flag: string
  readonly texts: ReadonlyArray<string>
  readonly value: unknown
  readonly isRelative: boolean
}

/**
 * Filters, by the name of their query parameter.
 */
export type Filters = Readonly<Record<string, Filter>>

/** The maximum number of choices that help texts list. */
const maxChoices = 8

/**
 * Derives a flag for each filter of a query, except for the parameters in `without`.
 *
 * **Details**
 *
 * | parameter | flag |
 * | --- | --- |
 * | comma-separated values | repeatable |
 * | timestamp | time: see `TimeFlag` |
 * | literals | choice |
 * | boolean | boolean |
 * | number | integer |
 * | id, string | text that the schema of the parameter accepts |
 */
export const derive = (
  query: Schema.Constraint,
  { filters = {} }: Presentation.Presentation,
  without: ReadonlyArray<string> = []
): Readonly<Record<string, Flag.Flag<Filter>>> => {
  const order = Object.keys(filters)
  const rank = ({ name }: Fields.Field) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.fromEntries(
    Fields.of(query.ast)
      .filter(({ name }) => Pagination.isFilter(name) && !without.includes(name))
      .toSorted((a, b) => rank(a) - rank(b))
      .map((field) => [field.name, flagOf(field, { ...Presentation.filters[field.name], ...filters[field.name] })])
  )
}

/**
 * Converts filters to a query. Refuses a time range that ends before it starts, and a query without a parameter that the
 * endpoint requires. `title` is the plural noun of the rows.
 */
export const toQuery = Effect.fnUntraced(function* (
  filters: Filters,
  { requiresOneOf = [] }: Pick<Endpoint.Endpoint, "requiresOneOf"> = {},
  title = "rows"
) {
  const required = requiresOneOf.flatMap((name) => filters[name] ?? [])
  if (required.length > 0 && required.every(({ value }) => value === undefined)) {
    const flags = required.map(({ flag }) => flag)
    return yield* Failure.refuse(
      `The server lists only ${title} of one ${flags.join(" or one ")}. Add --${flags.join(" or --")}.`
    )
  }
  const { rangeEnd: end, rangeStart: start } = filters
  if (
    start !== undefined &&
    end !== undefined &&
    DateTime.isDateTime(start.value) &&
    DateTime.isDateTime(end.value) &&
    DateTime.isGreaterThanOrEqualTo(start.value, end.value)
  ) {
    return yield* Failure.refuse(`--${end.flag} must be later than --${start.flag}. Correct one of them.`)
  }
  return Object.fromEntries(Object.entries(filters).map(([name, { value }]) => [name, value]))
})

/**
 * Formats filters as arguments on one line.
 */
export const toArguments = (filters: Filters): string =>
  Object.values(filters)
    .flatMap(({ flag, texts }) => texts.toSorted().map((text) => `--${flag} ${quoted(text)}`))
    .join(" ")

const quoted = (value: string): string => (/^[\w.:@-]+$/.test(value) ? value : JSON.stringify(value))

// -----------------------------------------------------------------------------
// One flag
// -----------------------------------------------------------------------------

const flagOf = (field: Fields.Field, options: Presentation.FilterFlag): Flag.Flag<Filter> => {
  const { kind } = field
  const isList = kind._tag === "List"
  const value = isList ? kind.item : kind
  const prefix = value._tag === "Text" ? value.prefix : undefined
  const name = options.name ?? nameOf(field.name, isList)
  const {
    description = `Select only rows with this ${name.replaceAll("-", " ")}${prefix === undefined ? "" : ` id (${prefix}_…)`}.`,
    metavar = prefix === undefined ? (name.split("-").at(-1)?.toUpperCase() ?? "VALUE") : "ID"
  } = options
  const described = <A>(flag: Flag.Flag<A>) => Flag.withDescription(flag, description)

  if (isList) {
    return textFlag(name, kind.itemAst, options).pipe(
      Flag.withMetavar(metavar),
      described,
      Flag.atLeast(0),
      // Without values, there is no filter.
      Flag.map((values) => filter(name, values, values.length === 0 ? undefined : values))
    )
  }
  const one = <A>(flag: Flag.Flag<A>, textOf: (value: A) => string) =>
    Flag.map(Flag.optional(described(flag)), (value) =>
      filter(name, Option.toArray(Option.map(value, textOf)), Option.getOrUndefined(value))
    )
  switch (kind._tag) {
    case "Instant":
      return Flag.map(Flag.optional(TimeFlag.make(name, description)), (time) => ({
        ...filter(
          name,
          Option.toArray(Option.map(time, ({ at }) => DateTime.formatIso(at))),
          Option.getOrUndefined(Option.map(time, ({ at }) => at))
        ),
        isRelative: Option.exists(time, ({ isRelative }) => isRelative)
      }))
    case "Boolean":
      return one(Flag.Boolean(name), String)
    case "Number":
      return one(Flag.withMetavar(Flag.Int(name), "N"), String)
    case "Text":
      if (!kind.isOpen) return one(choiceFlag(name, kind.literals, metavar, options), String)
  }
  return one(Flag.withMetavar(textFlag(name, field.ast, options), metavar), String)
}

const filter = (flag: string, texts: ReadonlyArray<string>, value: unknown): Filter => ({
  flag,
  texts,
  value,
  isRelative: false
})

// `organizationId` becomes `organization`, and a list of `domains` becomes a repeatable `domain`.
const nameOf = (parameter: string, isList: boolean): string =>
  snakeToKebab(snakeCase(parameter.replace(/(.)Ids?$/, "$1").replace(/(?:(?<=us)e)?s$/, isList ? "" : "$&")))

const textFlag = (
  name: string,
  ast: Schema.Constraint["ast"],
  { expected, pattern }: Presentation.FilterFlag
): Flag.Flag<string> => {
  const matching =
    pattern === undefined
      ? Schema.NonEmptyString
      : Schema.String.check(Schema.isPattern(pattern, expected === undefined ? {} : { expected }))
  return Flag.String(name).pipe(Flag.withSchema(matching), Flag.withSchema(Schema.make<Schema.Codec<string>>(ast)))
}

const choiceFlag = (
  name: string,
  literals: ReadonlyArray<string>,
  metavar: string,
  { expected = `one of ${literals.join(", ")}` }: Presentation.FilterFlag
): Flag.Flag<string> => {
  if (literals.length <= maxChoices) return Flag.Literals(name, literals)
  return Flag.String(name).pipe(
    Flag.filterMap(
      (text) => Option.liftPredicate((text: string) => literals.includes(text))(text),
      (text) => {
        const similar = literals.filter((literal) => literal.toLowerCase().includes(text.toLowerCase()))
        if (similar.length === 0 || similar.length > 5) return expected
        return `${expected.replace(/ such as .*/, "")}. Did you mean ${similar.join(" or ")}?`
      }
    ),
    Flag.withMetavar(metavar)
  )
}
