// The context of update events.
import type { Attributes } from "@effect-workos/domain/Attributes"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"

/**
 * Returns the previous values of changed keys, `null` for keys that are new. `updated_at` is omitted.
 */
export const of = <A, I extends object>(schema: Schema.Codec<A, I>, before: A, after: A): Attributes => {
  const encode = Schema.encodeSync(schema)
  const was = new Map<string, Schema.Json>(Object.entries(encode(before)))
  const is = new Map<string, Schema.Json>(Object.entries(encode(after)))
  const names = new Set([...was.keys(), ...is.keys()])
  names.delete("updated_at")
  const changed = [...names].filter((name) => !Equal.equals(was.get(name), is.get(name)))
  return { previous_attributes: Object.fromEntries(changed.map((name) => [name, was.get(name) ?? null])) }
}
