// Arbitrary inputs of operations: from the schemas of their endpoints, with adversarial text where a schema accepts it.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import * as Arbitrary from "effect/Arbitrary"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

type Values = Readonly<Record<string, unknown>>

/** The input of a call. */
export interface Input {
  readonly accessToken: Redacted.Redacted | undefined
  readonly params: Values
  /** The query, headers and payload in one object. */
  readonly options: Values
}

/** Texts in which characters of URLs, paths and forms are frequent. */
const Adversarial = Schema.Array(
  Schema.Union([
    Schema.Literals([".", "..", "/", "\\", "%2e", "%2F", "%", "%00", " ", "+", "?", "#", ";", ":", "@", "&", "=", ","]),
    Schema.Literals(["\n", "\0", '"', "é", "大", "a"]),
    Schema.String
  ])
).check(Schema.isMinLength(1), Schema.isMaxLength(5))

const Choice = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999 }))

type PartName = "query" | "headers" | "payload"

const partNames: ReadonlyArray<PartName> = ["query", "headers", "payload"]

// The fields of a struct, or of any member of a union of structs.
const fieldsOf = (part: Endpoint.AnySchema | undefined): ReadonlyArray<Fields.Field> => {
  if (part === undefined) return []
  const { ast } = Schema.toType(part)
  const fields = (SchemaAST.isUnion(ast) ? ast.types : [ast]).flatMap(Fields.of)
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}

/**
 * Returns the options of one part of a request.
 */
export const partOf = (endpoint: Endpoint.Endpoint, name: PartName, options: Values): Values =>
  Object.fromEntries(fieldsOf(endpoint[name]).map(({ name }) => [name, options[name]]))

/** Replaces the text of a value; a value without text stays unchanged. */
const withText = (value: unknown, text: string): unknown => {
  if (Predicate.isString(value)) return text
  if (Redacted.isRedacted(value)) return Redacted.make(text)
  return Array.isArray(value) && value.every(Predicate.isString) ? [...value, text] : value
}

// A text is replaced only if the schemas of all parts accept the new one. Headers cannot contain every text.
const withAdversarialText = (endpoint: Endpoint.Endpoint) => {
  const acceptsParams = Schema.is(Schema.Struct(endpoint.params ?? {}))
  const parts = partNames.flatMap((name) => {
    const schema = endpoint[name]
    return schema === undefined ? [] : [{ name, accepts: Schema.is(schema) }]
  })
  const headers = new Set(fieldsOf(endpoint.headers).map(({ name }) => name))
  return (input: Input, choice: number, text: string): Input => {
    const names = [...Object.keys(input.params), ...Object.keys(input.options)].filter((name) => !headers.has(name))
    const name = names[choice % names.length]
    if (name === undefined) return input
    const replaced = (values: Values): Values =>
      name in values ? { ...values, [name]: withText(values[name], text) } : values
    const changed = { ...input, params: replaced(input.params), options: replaced(input.options) }
    return acceptsParams(changed.params) &&
      parts.every(({ accepts, name }) => accepts(present(partOf(endpoint, name, changed.options))))
      ? changed
      : input
  }
}

const present = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const isPlain = (value: unknown): value is Values =>
  Predicate.isReadonlyObject(value) && Object.getPrototypeOf(value) === Object.prototype

/** Sets all absent options to `undefined`, also those of nested objects. */
const withUndefined = (fields: ReadonlyArray<Fields.Field>, value: Values): Values => {
  const known = fields.map(({ kind, name }) => {
    const inner = value[name]
    if (kind._tag === "List" && kind.item._tag === "Struct" && Array.isArray(inner)) {
      const { item } = kind
      return [name, inner.map((one: unknown) => (isPlain(one) ? withUndefined(item.fields, one) : one))]
    }
    return [name, kind._tag === "Struct" && isPlain(inner) ? withUndefined(kind.fields, inner) : inner]
  })
  return { ...value, ...Object.fromEntries(known) }
}

/**
 * Generates inputs of an endpoint, as its schemas describe them.
 */
export const describedInput = (endpoint: Endpoint.Endpoint): Arbitrary.Arbitrary<Input> => {
  const None = Schema.Struct({})
  return Arbitrary.map(
    Arbitrary.schema(
      Schema.Struct({
        params: Schema.Struct(endpoint.params ?? {}),
        parts: Schema.Tuple([endpoint.query ?? None, endpoint.headers ?? None, endpoint.payload ?? None]),
        token: Schema.Literals(["access_token_1", "access_token_2"])
      })
    ),
    ({ params, parts, token }): Input => ({
      accessToken: endpoint.access === "accessToken" ? Redacted.make(token) : undefined,
      params: { ...params },
      options: withoutConflict(endpoint, Object.assign({}, ...parts))
    })
  )
}

/**
 * Removes options that exclude each other, because the client does not send a request with both.
 */
export const withoutConflict = ({ exclusive }: Endpoint.Endpoint, options: Values): Values => {
  const [, ...surplus] = exclusive?.conflict(options) ?? []
  return Object.fromEntries(Object.entries(options).filter(([name]) => !surplus.includes(name)))
}

/**
 * Generates inputs of an endpoint, with adversarial text. Absent options may be `undefined`, which has the same effect.
 */
export const arbitraryInput = (endpoint: Endpoint.Endpoint): Arbitrary.Arbitrary<Input> => {
  const fields = partNames.flatMap((name) => fieldsOf(endpoint[name]))
  const replace = withAdversarialText(endpoint)
  return Arbitrary.map(
    Arbitrary.all({
      input: describedInput(endpoint),
      texts: Arbitrary.schema(
        Schema.Array(Schema.Struct({ choice: Choice, parts: Adversarial })).check(Schema.isMaxLength(3))
      ),
      isComplete: Arbitrary.schema(Schema.Boolean)
    }),
    ({ input, isComplete, texts }): Input => {
      const changed = texts.reduce(
        (input, { choice, parts }) => replace(input, choice, parts.join("").toWellFormed()),
        input
      )
      return isComplete ? { ...changed, options: withUndefined(fields, changed.options) } : changed
    }
  )
}

/**
 * Returns the arguments of a call.
 */
export const toArguments = (
  endpoint: Endpoint.Endpoint,
  { accessToken, options, params }: Input
): ReadonlyArray<unknown> => [
  ...(accessToken === undefined ? [] : [accessToken]),
  ...Endpoint.pathParams(endpoint).map((name) => params[name]),
  options
]
