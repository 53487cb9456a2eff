// HTML templates that escape every string.

/**
 * Safe HTML, made only by `html` and `trusted`.
 */
export class Html {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/**
 * A value in a template: text, a number, HTML, a list of HTML, or nothing.
 */
export type TemplateValue = string | number | Html | ReadonlyArray<Html> | undefined

/**
 * Makes HTML from a template. Strings are escaped, in elements and in quoted attributes.
 */
export const html = (template: TemplateStringsArray, ...holes: ReadonlyArray<TemplateValue>): Html =>
  new Html(template.reduce((source, text, index) => source + fill(holes[index - 1]) + text))

/**
 * Makes HTML from a source that contains no foreign text.
 */
export const trusted = (source: string): Html => new Html(source)

const fill = (hole: TemplateValue): string => {
  if (hole === undefined) return ""
  if (hole instanceof Html) return hole.source
  return typeof hole === "object" ? hole.map(({ source }) => source).join("") : escape(String(hole))
}

const escape = (text: string): string =>
  text
    .toWellFormed()
    // Unescaped, parsers would normalize carriage returns to line feeds.
    .replaceAll(/[&<>"'\r]/g, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll(/(?![\t\n])\p{Cc}/gu, controlPicture)

// Control characters are invisible, but Unicode has pictures of those in ASCII.
const controlPicture = (control: string): string => {
  const code = control.codePointAt(0) ?? 0
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "\u2421" : "\uFFFD"
}
