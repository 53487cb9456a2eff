// The names under which `domain` exports schemas.
import * as Schema from "effect/Schema"
import { resolve } from "node:path"
import { modules } from "./Published.ts"

export interface SchemaName {
  readonly name: string
  readonly file: string
}

/** The names of all exported values of `domain`. */
export const names = new Map<unknown, SchemaName>()

for (const { file, package: name } of modules) {
  if (name !== "@effect-workos/domain") continue
  const module: object = await import(resolve(file))
  for (const [exported, value] of Object.entries(module)) {
    // If several modules export the same value, the first name is used.
    if (!names.has(value)) names.set(value, { name: exported, file })
  }
}

/** Returns the name of a schema by its syntax tree, which is also known for members of a union. */
export const nameOf = ({ ast }: Schema.Top): SchemaName | undefined =>
  [...names].find(([value]) => Schema.isSchema(value) && value.ast === ast)?.[1]

/** Returns the schema with a name. */
export const named = (name: string): SchemaName | undefined => [...names.values()].find((known) => known.name === name)
