// The detail view of one row: a label and a value per line.
import { inline } from "./WrapText.ts"

/**
 * Renders a detail view. A value may have several lines. Fields without a value are omitted.
 */
export const make = (fields: ReadonlyArray<readonly [label: string, value: string | undefined]>): string => {
  const width = Math.max(14, ...fields.map(([label]) => label.length + 2))
  return fields
    .flatMap(([label, value]) => {
      if (value === undefined) return []
      const lines = value
        .split("\n")
        .map(inline)
        .join(`\n${" ".repeat(width)}`)
      return [`${label.padEnd(width)}${lines}\n`]
    })
    .join("")
}
