// A card: one thing with all that there is to say of it, a label a line.
import * as Prose from "./Prose.ts"

/**
 * The text of a card: what is said of each label, which may have lines of its own. What is not there is left out.
 */
export const make = (facts: ReadonlyArray<readonly [label: string, said: string | undefined]>): string => {
  const width = Math.max(14, ...facts.map(([label]) => label.length + 2))
  return facts
    .flatMap(([label, said]) => {
      if (said === undefined) return []
      const shown = said
        .split("\n")
        .map(Prose.inline)
        .join(`\n${" ".repeat(width)}`)
      return [`${label.padEnd(width)}${shown}\n`]
    })
    .join("")
}
