// Pages of the documentation that scripts write. With --check, a script writes nothing and says whether its page is up to date.
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"

/**
 * Whether the script only checks.
 */
export const isCheck = process.argv.includes("--check")

/**
 * Formats and writes a page. `source` is what it derives from, and `command` is the script that writes it.
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
