// The positional arguments of a command, derived from the parameters of a path.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import type { Resource } from "@effect-workos/domain/Resource"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Argument from "effect/cli/Argument"
import * as Schema from "effect/Schema"
import { snakeToKebab } from "effect/String"

/**
 * Makes one argument for each parameter of a path, in the order of the path.
 */
export const make = (
  resource: Pick<Resource, "noun">,
  endpoint: Endpoint.Endpoint
): Readonly<Record<string, Argument.Argument<string>>> =>
  Object.fromEntries(
    Endpoint.pathParams(endpoint).flatMap((name) => {
      const schema = endpoint.params?.[name]
      return schema === undefined ? [] : [[name, argument(resource, name, schema)]]
    })
  )

/**
 * Returns the values of the arguments, in the order of the path.
 */
export const values = (
  endpoint: Endpoint.Endpoint,
  path: Readonly<Record<string, string>>
): ReadonlyArray<string | undefined> => Endpoint.pathParams(endpoint).map((name) => path[name])

/**
 * Makes the argument for a parameter of a path.
 */
export const argument = (
  resource: Pick<Resource, "noun">,
  name: string,
  schema: Endpoint.AnySchema
): Argument.Argument<string> => {
  const kind = Fields.kindOf(schema.ast)
  const prefix = kind._tag === "Text" && kind.prefix !== undefined ? ` (${kind.prefix}_…)` : ""
  return Argument.String(snakeToKebab(snakeCase(name))).pipe(
    // The parameters of paths are texts in programs too.
    Argument.withSchema(Schema.make<Schema.Codec<string>>(schema.ast)),
    Argument.withDescription(`The ${wordsOf(name, resource)}${prefix}.`)
  )
}

// `id` becomes "id of the session", `userId` becomes "id of the user", and `slug` becomes "slug of the session".
const wordsOf = (name: string, { noun }: Pick<Resource, "noun">): string => {
  const words = snakeCase(name).replaceAll("_", " ")
  if (words === "id") return `id of the ${noun}`
  const owner = words.replace(/ id$/, "")
  return owner === words ? `${words} of the ${noun}` : `id of the ${owner}`
}
