// Wraps text for a terminal of any width, and replaces control characters.
import * as CliOutput from "effect/cli/CliOutput"

/** The maximum width of lines, because longer lines are hard to read. */
const widest = 120

const narrowest = 20

/**
 * Wraps text into lines that fit a terminal. The first line begins with `lead`, and the others are indented by its width.
 *
 * **Details**
 *
 * A word that is longer than a line, such as a URL, continues on the next line. Control characters become visible symbols,
 * so that text from a server cannot move the cursor or change colours.
 */
export const wrapText = (text: string, columns: number, lead = ""): ReadonlyArray<string> => {
  const indent = CliOutput.displayWidth(lead)
  const width = Math.max(narrowest, Math.min(columns, widest) - indent)
  const lines: Array<string> = []
  let line = ""
  const end = () => {
    lines.push(line)
    line = ""
  }
  for (let word of printable(text).split(/\s+/)) {
    while (word !== "") {
      const room = line === "" ? width : width - CliOutput.displayWidth(line) - 1
      const part = partOf(word, room, width)
      if (part !== "") line = line === "" ? part : `${line} ${part}`
      word = word.slice(part.length)
      if (word !== "") end()
    }
  }
  end()
  return lines.map((line, index) => `${index === 0 ? lead : " ".repeat(indent)}${line}`.trimEnd())
}

// Returns the part of a word that fits on this line. Only words that are longer than a line are split.
const partOf = (word: string, room: number, width: number): string => {
  const needed = CliOutput.displayWidth(word)
  if (needed <= room) return word
  if (needed <= width || room < narrowest / 2) return ""
  const part = prefixOf(word, room)
  // Prefers to break after a separator near the end.
  const breakable = /^.*[&,;/?]/su.exec(part)?.[0] ?? ""
  return breakable.length > part.length / 3 ? breakable : part
}

const prefixOf = (word: string, room: number): string => {
  let part = ""
  let used = 0
  for (const character of word) {
    used += CliOutput.displayWidth(character)
    if (used > room) break
    part += character
  }
  return part
}

/**
 * Makes text from a server safe to print on one line: control characters and line breaks are replaced.
 */
export const inline = (text: string): string => printable(text.replaceAll(/\s/g, " "))

const printable = (text: string): string =>
  text.replaceAll(/(?!\s)\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, (character) =>
    character < " " ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : "\uFFFD"
  )
