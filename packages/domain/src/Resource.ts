/**
 * Resources: each is a name and a record of endpoints. Clients, servers and commands derive from this record.
 *
 * @module
 */
import type { Endpoint } from "./Endpoint.ts"

/**
 * The endpoints of a resource, by the name of their client method.
 */
export type Endpoints = Readonly<Record<string, Endpoint>>

/**
 * A resource of the API: its names and its endpoints.
 */
export interface Resource<out Name extends string = string, out E extends Endpoints = Endpoints> {
  /** The name in programs, in camelCase and usually plural: `organizationDomains`. */
  readonly name: Name
  /** The words for one object of the resource: "organization domain". */
  readonly noun: string
  /** The heading of the resource in documents: "Organization domains". */
  readonly title: string
  /** A record, because mapped types keep the docstrings of its properties. */
  readonly endpoints: E
}

/**
 * Describes a resource. `noun` and `title` default to the words of the name.
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
