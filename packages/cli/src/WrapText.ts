// Wraps text for a terminal of any width, without control characters.
import * as CliOutput from "effect/cli/CliOutput"

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 120

const narrowest = 20

/**
 * Wraps text into lines that fit a terminal: the first after `lead`, the others indented to match.
 *
 * **Details**
 *
 * A word that is longer than a line, such as a URL, continues on the next line. Control characters become visible, so that
 * text from a server can't move the cursor or change colours.
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

// The part of a word that goes on this line: all or nothing, unless the word is longer than a line.
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
