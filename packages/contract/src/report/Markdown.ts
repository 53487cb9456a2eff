// The little of GitHub's Markdown that a summary needs: any string as text, as code, in tables and in blocks.

// Each as a character reference: those make text and never structure, neither in cells nor in lines.
const special = /[!"#$&'()*+.:<=>@[\\\]^_`{|}~-]/g

/**
 * A string as text in one line, whatever it holds.
 *
 * **Example** (A cell is a cell)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract/report/Markdown"
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
 * A string as code in one line.
 *
 * **Example** (An operation)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract/report/Markdown"
 *
 * Markdown.code("connections.list") // => "<code>connections.list</code>"
 * ```
 */
export const code = (source: string): string => `<code>${text(source)}</code>`

/**
 * A string as a block of code, in a fence that is longer than any that it holds.
 *
 * **Example** (A line for a shell)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract/report/Markdown"
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
 * A table of cells that are Markdown already.
 *
 * **Example** (One row)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract/report/Markdown"
 *
 * Markdown.table(["Law"], [["lists"]]) // => "| Law |\n| --- |\n| lists |"
 * ```
 */
export const table = (headings: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [headings, headings.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

/**
 * Blocks that are there when somebody opens them.
 *
 * **Example** (More of it)
 *
 * ```ts
 * import * as Markdown from "@effect-workos/contract/report/Markdown"
 *
 * Markdown.details("More", ["A paragraph."])
 * // => "<details><summary>More</summary>\n\nA paragraph.\n\n</details>"
 * ```
 */
export const details = (summary: string, blocks: ReadonlyArray<string>): string =>
  [`<details><summary>${summary}</summary>`, ...blocks, "</details>"].join("\n\n")
