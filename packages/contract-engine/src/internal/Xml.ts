// A minimal XML writer: elements whose attributes and text may be any strings.

// Characters that XML 1.0 cannot represent, in addition to lone surrogates.
const forbidden = /(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]/gu

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // Unescaped, parsers would normalize these to spaces or line feeds.
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
 * Escapes a string as text. Characters that XML 1.0 forbids become U+FFFD.
 */
export const text = (text: string): string => escape(text, /[&<>\r]/g)

/**
 * Formats an element with `content`, which is XML.
 */
export const element = (name: string, attributes: Readonly<Record<string, string | number>>, content = ""): string => {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escape(String(value), /[&<>"\t\n\r]/g)}"`
  )
  const tag = `${name}${written.join("")}`
  return content === "" ? `<${tag}/>` : `<${tag}>${content}</${name}>`
}

/**
 * Joins elements, one per line, as the content of another element.
 */
export const children = (elements: ReadonlyArray<string>): string =>
  elements.length === 0 ? "" : `\n${elements.join("\n")}\n`
