// Settings of a command. Each setting is described once, and is a flag, a key of a configuration file, and a line of help.
import * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"

/**
 * A setting with values of type `A`, which a configuration file contains as `E`. `D` is the type of the default value,
 * `undefined` for a setting without one.
 */
export interface Setting<out A, out E, out D> {
  readonly schema: Schema.Codec<A, E>
  readonly description: string
  readonly flag: Flag.Flag<Option.Option<A>>
  readonly defaultValue: D
}

type Settings = Readonly<Record<string, Setting<unknown, unknown, unknown>>>

/**
 * The values of settings.
 */
export type Values<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer A, unknown, infer D> ? A | D : never
}

/**
 * The values that the command line sets.
 */
export type FlagValues<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer A, unknown, unknown> ? Option.Option<A> : never
}

/**
 * The values that a configuration file sets.
 */
export type FileValues<S> = {
  readonly [K in keyof S]?: S[K] extends Setting<infer A, unknown, unknown> ? A : never
}

/**
 * Returns the value of each setting: the value of its flag, otherwise of its key in the configuration file, otherwise the
 * default.
 */
export const resolve = <S extends Settings>(settings: S, flags: FlagValues<S>, file: FileValues<S>): Values<S> => {
  const ofFlags = new Map(Object.entries<Option.Option<unknown>>(flags))
  const ofFile = new Map<string, unknown>(Object.entries(file))
  const values = Object.entries(settings).map(([name, { defaultValue }]) => [
    name,
    Option.getOrElse(ofFlags.get(name) ?? Option.none(), () => ofFile.get(name) ?? defaultValue)
  ])
  // The type of `Object.fromEntries` does not relate keys to values.
  return Object.fromEntries(values) as Values<S>
}

// -----------------------------------------------------------------------------
// Kinds of settings
// -----------------------------------------------------------------------------

/**
 * Returns a setting for a whole number, at least `minimum`.
 */
export const whole = (
  name: string,
  { description, metavar = "N", minimum }: { description: string; metavar?: string; minimum: number }
): Setting<number, number, undefined> => {
  const expected = `a whole number, ${minimum} or more`
  const schema = Schema.Int.annotate({ expected }).check(Schema.isGreaterThanOrEqualTo(minimum, { expected }))
  return make(schema, description, Flag.Int(name).pipe(Flag.withSchema(schema), Flag.withMetavar(metavar)))
}

/**
 * Returns a setting that is true or false, by default false. `--no-NAME` sets it to false.
 */
export const yes = (name: string, description: string): Setting<boolean, boolean, boolean> => ({
  ...make(Schema.Boolean.annotate({ expected: "true or false" }), description, Flag.Boolean(name)),
  defaultValue: false
})

const NonEmpty = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })

/**
 * Returns a setting for a text, such as the name of a file.
 */
export const text = (
  name: string,
  { description, metavar }: { description: string; metavar: string }
): Setting<string, string, undefined> =>
  make(NonEmpty, description, Flag.String(name).pipe(Flag.withSchema(NonEmpty), Flag.withMetavar(metavar)))

/**
 * Returns a setting for a list of texts. Its flag is repeatable, and separates texts by commas.
 */
export const texts = (
  name: string,
  { alias, description, metavar }: { alias?: string; description: string; metavar: string }
): Setting<ReadonlyArray<string>, ReadonlyArray<string>, undefined> => {
  const schema = Schema.Array(NonEmpty).annotate({ expected: "a list of texts" })
  const flag = Flag.String(name).pipe(Flag.withMetavar(`${metavar},…`), Flag.withDescription(description))
  return {
    schema,
    description,
    flag: repeated(name, alias === undefined ? flag : Flag.withAlias(flag, alias), (values) =>
      Result.succeed(values.flatMap((value) => value.split(",")).map((value) => value.trim()))
    ),
    defaultValue: undefined
  }
}

/**
 * Returns a setting whose flag is repeatable. `parse` returns the value of all arguments of the flag, or fails with a
 * description of valid arguments.
 */
export const collected = <A, E>(
  name: string,
  {
    description,
    metavar,
    parse,
    schema
  }: {
    readonly schema: Schema.Codec<A, E>
    readonly description: string
    readonly metavar: string
    readonly parse: (values: ReadonlyArray<string>) => Result.Result<A, string>
  }
): Setting<A, E, undefined> => {
  const flag = Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(`${description} Repeatable.`))
  return { schema, description, flag: repeated(name, flag, parse), defaultValue: undefined }
}

/**
 * Adds a default value to a setting.
 */
export const withDefault = <A, E>(
  { description, flag, schema }: Setting<A, E, unknown>,
  defaultValue: NoInfer<A>
): Setting<A, E, A> => {
  const described = `${description} Defaults to ${String(defaultValue)}.`
  return { schema, description: described, flag: Flag.withDescription(flag, described), defaultValue }
}

const make = <A, E>(schema: Schema.Codec<A, E>, description: string, flag: Flag.Flag<A>): Setting<A, E, undefined> => ({
  schema,
  description,
  flag: Flag.optional(Flag.withDescription(flag, description)),
  defaultValue: undefined
})

const repeated = <A>(
  option: string,
  flag: Flag.Flag<string>,
  parse: (values: ReadonlyArray<string>) => Result.Result<A, string>
): Flag.Flag<Option.Option<A>> =>
  flag.pipe(
    Flag.atLeast(0),
    Flag.mapEffect((values) =>
      values.length === 0
        ? Effect.succeed(Option.none())
        : Result.match(parse(values), {
            onSuccess: (value) => Effect.succeed(Option.some(value)),
            onFailure: (expected) =>
              Effect.fail(new CliError.InvalidValue({ option, value: values.join(" "), expected, kind: "flag" }))
          })
    )
  )

// -----------------------------------------------------------------------------
// Derivations
// -----------------------------------------------------------------------------

interface ToFlag extends Struct.Lambda {
  <A>(setting: Setting<A, unknown, unknown>): Flag.Flag<Option.Option<A>>
  readonly "~lambda.out": this["~lambda.in"] extends Setting<infer A, unknown, unknown>
    ? Flag.Flag<Option.Option<A>>
    : never
}

/**
 * Returns the flags of settings.
 */
export const flags = Struct.map(Struct.lambda<ToFlag>(({ flag }) => flag))

interface ToField extends Struct.Lambda {
  <A, E>(setting: Setting<A, E, unknown>): Schema.optionalKey<Schema.Codec<A, E>>
  readonly "~lambda.out": this["~lambda.in"] extends Setting<infer A, infer E, unknown>
    ? Schema.optionalKey<Schema.Codec<A, E>>
    : never
}

/**
 * Returns the fields of settings in a configuration file.
 */
export const fields = Struct.map(
  Struct.lambda<ToField>(({ defaultValue, description, schema }) =>
    Schema.optionalKey(
      schema.annotate({ description, ...(defaultValue === undefined ? {} : { default: defaultValue }) })
    )
  )
)
