// What somebody may have meant who wrote a name that there is not.

/**
 * Those of the names that are like a text, the most like first: they hold the last part of it, or else are only a few
 * letters off.
 */
export const to = (text: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const word = lastPart(text)
  const holding = word.length < 3 ? [] : names.filter((name) => name.includes(word))
  if (holding.length > 0) return holding.toSorted((a, b) => distance(text, a) - distance(text, b))
  const distances = names.map((name) =>
    Math.min(distance(text, name), text.includes("/") ? Infinity : distance(text, lastPart(name)))
  )
  const least = Math.min(...distances)
  return least > Math.max(2, text.length / 3) ? [] : names.filter((_, index) => distances[index] === least)
}

const lastPart = (name: string): string => name.split("/").at(-1) ?? name

// How many letters have to be put in, left out or replaced, by Levenshtein.
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
