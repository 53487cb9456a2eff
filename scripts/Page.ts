// Writes generated pages of the documentation. With --check, verifies that a page is up to date and writes nothing.
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"

/**
 * True if the script was called with --check.
 */
export const isCheck = process.argv.includes("--check")

/**
 * Formats and writes a page. `source` names the input of the page, and `command` is the script that writes the page.
 */
export const write = (
  page: string,
  document: string,
  { command, source }: { command: string; source: string }
): void => {
  const text = execFileSync("oxfmt", ["--stdin-filepath", page], { input: document, encoding: "utf8" })
  if (!isCheck) writeFileSync(page, text)
  else if (text !== readFileSync(page, "utf8")) {
    process.stderr.write(`${page} is out of date: ${source} have changed. Run: pnpm ${command}\n`)
    process.exitCode = 1
  }
}
