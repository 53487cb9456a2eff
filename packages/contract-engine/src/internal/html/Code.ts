// Code in the HTML report: copyable blocks, comparisons, and inline names.
import * as TextDiff from "effect/TextDiff"
import { type Html, html } from "./Markup.ts"

/**
 * A shell command with a copy button.
 */
export const copyable = (heading: string, code: string): Html =>
  html`<figure class="code">
    <figcaption>
      ${heading}
      <button type="button" class="copy"><span class="label">Copy</span> <span class="away">${heading}</span></button>
    </figcaption>
    <pre><code>${code}</code></pre>
  </figure>`

/**
 * A list of texts with a heading.
 */
export const listed = (heading: string, texts: ReadonlyArray<string>): Html =>
  html`<figure class="code">
    <figcaption>${heading}</figcaption>
    <pre tabindex="0" role="group" aria-label="${heading}"><code>${texts.join("\n")}</code></pre>
  </figure>`

/**
 * Two texts side by side. If they have common lines, the others are marked.
 */
export const compared = (expected: string, actual: string): Html => {
  const edits = TextDiff.lines(expected, actual, { maxEdits: 200 })
  const isAlike = edits.some(({ _tag }) => _tag === "Equal")
  const side = (other: "Delete" | "Insert"): ReadonlyArray<Html> =>
    edits.flatMap(({ _tag, items }) => {
      if (_tag === "Equal") return items.map((line) => html`${line}`)
      return _tag === other ? items.map((line) => (isAlike ? marked(line) : html`${line}`)) : []
    })
  const isIndented = [expected, actual].some((text) => /^[ \t]/m.test(text))
  return html`<div class="${isIndented ? "compared indented" : "compared"}">
    ${pane("Expected", side("Delete"))}${pane("Actual", side("Insert"))}
  </div>`
}

const marked = (line: string): Html => {
  const text = line.replace(/\r?\n$/, "")
  return html`<mark>${text}</mark>${line.slice(text.length)}`
}

const pane = (heading: string, code: ReadonlyArray<Html>): Html =>
  html`<figure class="code ${heading.toLowerCase()}">
    <figcaption>${heading}</figcaption>
    <pre tabindex="0" role="group" aria-label="${heading}"><code>${code}</code></pre>
  </figure>`

/**
 * A sentence in which names between backticks become code.
 */
export const withCode = (text: string): ReadonlyArray<Html> =>
  text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
