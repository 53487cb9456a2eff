// The titles of response schemas, which are the keys of facts about the schemas.
import { responseSchemas, TypedEventFields, type ResponseSchema } from "../packages/domain/test/evidence/schemas.ts"
import { nameOf, named, type SchemaName } from "./SchemaNames.ts"

export interface TitledSchema extends ResponseSchema {
  /** The name of the exported schema, or the operation and status of the response. */
  readonly title: string
  readonly name: SchemaName | undefined
}

const titleOf = (described: ResponseSchema, name: SchemaName | undefined): string => {
  const [place] = described.places
  if (described.kind === "Page") return described.isForward ? "ForwardPage" : "Page"
  return name?.name ?? `${place?.operation} ${place?.status}`
}

/** All schemas of responses. */
export const titled: ReadonlyArray<TitledSchema> = responseSchemas.map((described) => {
  const { schema } = described
  const name = schema === TypedEventFields ? named("TypedEvent") : nameOf(schema)
  return { ...described, name, title: titleOf(described, name) }
})
