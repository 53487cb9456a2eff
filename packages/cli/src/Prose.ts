// Prose for a terminal of any width: broken between words, and nothing in it but text.
import * as CliOutput from "effect/cli/CliOutput"

/** However wide the terminal is, nobody reads lines that are longer. */
const widest = 120

const narrowest = 20

/**
 * Text as lines that fit a terminal: the first after `lead`, the others after as many spaces.
 *
 * **Details**
 *
 * A word that fits on no line, such as a URL, begins where it would and goes on below. What came from a server moves no
 * cursor and changes no colour: control characters are shown.
 */
export const wrap = (text: string, columns: number, lead = ""): ReadonlyArray<string> => {
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

// As much of a word as goes on this line: all of it or nothing, unless it fits on no line.
const partOf = (word: string, room: number, width: number): string => {
  const taken = CliOutput.displayWidth(word)
  if (taken <= room) return word
  if (taken <= width || room < narrowest / 2) return ""
  const part = beginning(word, room)
  // Up to a sign that parts it, where there is one near.
  const parted = /^.*[&,;/?]/su.exec(part)?.[0] ?? ""
  return parted.length > part.length / 3 ? parted : part
}

const beginning = (word: string, room: number): string => {
  let part = ""
  let taken = 0
  for (const character of word) {
    taken += CliOutput.displayWidth(character)
    if (taken > room) break
    part += character
  }
  return part
}

/**
 * Text from elsewhere on one line: it moves no cursor and changes no colour, and begins no line.
 */
export const inline = (text: string): string => printable(text.replaceAll(/\s/g, " "))

const printable = (text: string): string =>
  text.replaceAll(/(?!\s)\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, (character) =>
    character < " " ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : "\uFFFD"
  )
