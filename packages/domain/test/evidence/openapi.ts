// Facts from an OpenAPI document about the fields of responses: whether they are required and nullable, and their values.
import { factsOf } from "../openapi/facts.ts"
import { parentOf } from "./presence.ts"

/**
 * A place of an OpenAPI document: the body of a response, or the part of the body with a path.
 */
export interface Place {
  /** `GET /connections/{id}` */
  readonly operation: string
  readonly status: number
  /** `""` for the whole body, `.data[]` for a row of a list; a pattern for several parts. */
  readonly path: string | RegExp
}

export interface Description {
  readonly required: boolean
  readonly nullable: boolean
  /** The values of an enumeration. */
  readonly values?: ReadonlyArray<string>
}

/** The described fields by their paths. */
export type Descriptions = Readonly<Record<string, Description>>

const strings = (fact: string | undefined): ReadonlyArray<string> => (fact === undefined ? [] : JSON.parse(fact))

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/**
 * Returns the descriptions of the fields at the given places, with the given objects as parents. A field is required if it
 * is required at all places that describe its parent.
 */
export const descriptionsOf = (
  document: unknown,
  places: ReadonlyArray<Place>,
  parents: ReadonlySet<string>
): Descriptions => {
  const facts = factsOf(document, [...new Set(places.map(({ operation }) => operation))])
  const found = places.flatMap(({ operation, path, status }) => {
    const inner = typeof path === "string" ? escape(path) : path.source
    const pattern = new RegExp(`^(${escape(`${operation} · ${status} · body`)}${inner})\\.(.+) · required$`)
    return [...facts].flatMap(([place, required]) => {
      const [, origin = "", field = ""] = pattern.exec(place) ?? []
      return field === "" || field.includes("(") || !parents.has(parentOf(field)) ? [] : [{ origin, field, required }]
    })
  })
  const origins = (parent: string) =>
    new Set(found.filter(({ field }) => parentOf(field) === parent).map(({ origin }) => origin)).size
  return Object.fromEntries(
    [...Map.groupBy(found, ({ field }) => field)]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([field, descriptions]) => {
        const factsAbout = (aspect: string) =>
          descriptions.flatMap(({ origin }) => strings(facts.get(`${origin}.${field} · ${aspect}`)))
        const values = [...new Set(factsAbout("enum"))].filter((value) => value !== "null").toSorted()
        return [
          field,
          {
            required:
              descriptions.every(({ required }) => required === "true") &&
              descriptions.length === origins(parentOf(field)),
            nullable: factsAbout("type").includes("null"),
            ...(values.length === 0 ? {} : { values })
          }
        ]
      })
  )
}
