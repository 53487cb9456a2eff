// Names of schemas: those of the exports of `domain` that hold them.
import * as Schema from "effect/Schema"
import { resolve } from "node:path"
import { modules } from "./Published.ts"

export interface SchemaName {
  readonly name: string
  readonly file: string
}

/** The names of everything that `domain` exports. */
export const names = new Map<unknown, SchemaName>()

for (const { file, package: name } of modules) {
  if (name !== "@effect-workos/domain") continue
  const module: object = await import(resolve(file))
  for (const [exported, value] of Object.entries(module)) {
    // Where an export re-exports another, the first name stays.
    if (!names.has(value)) names.set(value, { name: exported, file })
  }
}

/** Returns the name of a schema, or of a member of a union, by its syntax tree. */
export const nameOf = ({ ast }: Schema.Top): SchemaName | undefined =>
  [...names].find(([value]) => Schema.isSchema(value) && value.ast === ast)?.[1]

/** Returns the export with a name. */
export const named = (name: string): SchemaName | undefined => [...names.values()].find((known) => known.name === name)
