/**
 * Grouping of items by key, in order of first occurrence.
 *
 * @module
 */

/**
 * Groups items by key. Keys may be any strings, including `__proto__` and numbers.
 *
 * **Example** (By first letter)
 *
 * ```ts
 * import * as Groups from "@effect-workos/contract-engine/report/Groups"
 *
 * Groups.by(["ab", "b", "a"], (word) => word.slice(0, 1)).get("a") // => ["ab", "a"]
 * ```
 */
export const by = <A>(items: Iterable<A>, keyOf: (item: A) => string): ReadonlyMap<string, ReadonlyArray<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
