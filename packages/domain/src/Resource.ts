// Resources: a name and a record of endpoints. Everything else about a resource derives from that record.
import type { Endpoint } from "./Endpoint.ts"

/**
 * The endpoints of a resource, by the name of their client method.
 */
export type Endpoints = Readonly<Record<string, Endpoint>>

/**
 * A resource of the API, with everything that clients, servers and tools derive from.
 */
export interface Resource<out Name extends string = string, out E extends Endpoints = Endpoints> {
  /** The name in programs, in camelCase and usually plural: `organizationDomains`. */
  readonly name: Name
  /** One object of the resource, in words: "organization domain". */
  readonly noun: string
  /** The heading of the resource in documents: "Organization domains". */
  readonly title: string
  /** Types that map over this record keep the docstrings of its properties. */
  readonly endpoints: E
}

/**
 * Describes a resource. `noun` and `title` default to what the name says in words.
 *
 * **Example** (A resource that this library does not describe yet)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as Id from "@effect-workos/domain/Id"
 * import * as Resource from "@effect-workos/domain/Resource"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const NoteId = Id.make("note")
 *
 * const notes = Resource.make("notes", {
 *   // Returns a note.
 *   get: Endpoint.get("/notes/:id", {
 *     summary: "Get a note",
 *     params: { id: NoteId },
 *     success: Wire.Struct({ id: NoteId }),
 *     errors: [ApiError.NotFound]
 *   })
 * })
 *
 * notes.noun // => "note"
 * ```
 */
export const make = <const Name extends string, const E extends Endpoints>(
  name: Name,
  endpoints: E,
  { noun, title }: { readonly noun?: string; readonly title?: string } = {}
): Resource<Name, E> => {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return {
    name,
    noun: noun ?? words.replace(/ies$/, "y").replace(/s$/, ""),
    title: title ?? words.charAt(0).toUpperCase() + words.slice(1),
    endpoints
  }
}
