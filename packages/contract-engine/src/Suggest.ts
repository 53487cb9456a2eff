/**
 * Suggestions of known names for a misspelled one.
 *
 * @module
 */

/**
 * Returns the names that are similar to a text, most similar first. These are the names that contain the part of
 * the text after the last slash or, without such names, the names at the smallest edit distance.
 *
 * **Example** (Suggesting a law)
 *
 * ```ts
 * import { suggest } from "@effect-workos/contract-engine/Suggest"
 *
 * suggest("lists/limits", ["lists", "lists/limit", "input/limit"]) // => ["lists/limit"]
 * ```
 */
export const suggest = (text: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const word = lastPart(text)
  const containing = word.length < 3 ? [] : names.filter((name) => name.includes(word))
  if (containing.length > 0) return containing.toSorted((a, b) => distance(text, a) - distance(text, b))
  const distances = names.map((name) =>
    Math.min(distance(text, name), text.includes("/") ? Infinity : distance(text, lastPart(name)))
  )
  const smallest = Math.min(...distances)
  return smallest > Math.max(2, text.length / 3) ? [] : names.filter((_, index) => distances[index] === smallest)
}

const lastPart = (name: string): string => name.split("/").at(-1) ?? name

// The Levenshtein distance.
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min((next[column] ?? 0) + 1, (row[column + 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
