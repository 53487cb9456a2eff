// The little of XML that a report needs: elements whose attributes and text may be any strings.

// What XML 1.0 cannot say in any way, not even escaped, besides lone surrogates.
const forbidden = /(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]/gu

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // Left alone, parsers would turn these into a space, or CR LF into LF.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;"
}

const escape = (text: string, characters: RegExp): string =>
  text
    .toWellFormed()
    .replaceAll(forbidden, "\uFFFD")
    .replaceAll(characters, (character) => entities[character] ?? character)

/**
 * A string as the text of an element. What XML 1.0 forbids becomes U+FFFD.
 */
export const text = (text: string): string => escape(text, /[&<>\r]/g)

/**
 * An element around `content`, which is XML already.
 */
export const element = (name: string, attributes: Readonly<Record<string, string | number>>, content = ""): string => {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escape(String(value), /[&<>"\t\n\r]/g)}"`
  )
  const tag = `${name}${written.join("")}`
  return content === "" ? `<${tag}/>` : `<${tag}>${content}</${name}>`
}

/**
 * Elements below each other, as the content of another.
 */
export const children = (elements: ReadonlyArray<string>): string =>
  elements.length === 0 ? "" : `\n${elements.join("\n")}\n`
