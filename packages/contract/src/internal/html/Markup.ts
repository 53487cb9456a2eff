// HTML from templates, in which a string is always text.

/**
 * HTML that is safe to stand in HTML: only `html` and `trusted` make it.
 */
export class Html {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/**
 * What may stand in a template: text, numbers, HTML, a list of HTML, or nothing.
 */
export type TemplateValue = string | number | Html | ReadonlyArray<Html> | undefined

/**
 * HTML from a template. Strings in it become text, in elements as in quoted attributes.
 */
export const html = (template: TemplateStringsArray, ...holes: ReadonlyArray<TemplateValue>): Html =>
  new Html(template.reduce((source, text, index) => source + fill(holes[index - 1]) + text))

/**
 * HTML that we wrote ourselves. Never what came from anywhere else.
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
    // Left alone, carriage returns would become line feeds.
    .replaceAll(/[&<>"'\r]/g, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll(/(?![\t\n])\p{Cc}/gu, controlPicture)

// Nobody sees control characters, but Unicode has pictures of those of ASCII.
const controlPicture = (control: string): string => {
  const code = control.codePointAt(0) ?? 0
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "\u2421" : "\uFFFD"
}
