/**
 * GitHub-flavoured Markdown for summaries: text, code, tables and blocks from any string.
 *
 * @module
 */

// Character references are text everywhere, in cells and at the beginning of lines.
const special = /[!"#$&'()*+.:<=>@[\\\]^_`{|}~-]/g

/**
 * Escapes a string as text on one line.
 *
 * **Example** (Escaping a cell)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract-engine/report/Markdown"
 *
 * Markdown.text("a|b") // => "a&#124;b"
 * ```
 */
export const text = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, " ")
    .trim()
    .replaceAll(special, (character) => `&#${character.codePointAt(0)};`)

/**
 * Formats a string as code on one line.
 *
 * **Example** (An operation)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract-engine/report/Markdown"
 *
 * Markdown.code("connections.list") // => "<code>connections.list</code>"
 * ```
 */
export const code = (source: string): string => `<code>${text(source)}</code>`

/**
 * Formats a string as a block of code, in a fence longer than any fence within.
 *
 * **Example** (A line for a shell)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract-engine/report/Markdown"
 *
 * Markdown.block("echo 1", "sh") // => "```sh\necho 1\n```"
 * ```
 */
export const block = (text: string, language = ""): string => {
  const longest = Array.from(text.matchAll(/`+/g), ([run]) => run.length).reduce((a, b) => Math.max(a, b), 2)
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\t\n]/gu, "\uFFFD")}\n${fence}`
}

/**
 * Formats a table whose cells are Markdown.
 *
 * **Example** (One row)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract-engine/report/Markdown"
 *
 * Markdown.table(["Law"], [["lists"]]) // => "| Law |\n| --- |\n| lists |"
 * ```
 */
export const table = (headings: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [headings, headings.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

/**
 * Formats blocks as a collapsed section.
 *
 * **Example** (Collapsing a paragraph)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract-engine/report/Markdown"
 *
 * Markdown.details("More", ["A paragraph."])
 * // => "<details><summary>More</summary>\n\nA paragraph.\n\n</details>"
 * ```
 */
export const details = (summary: string, blocks: ReadonlyArray<string>): string =>
  [`<details><summary>${summary}</summary>`, ...blocks, "</details>"].join("\n\n")
