// A page of the documentation that a script writes; with --check, which writes nothing, the script says whether the page is
// that already.
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"

/**
 * Whether the script was asked to look, and not to write.
 */
export const isCheck = process.argv.includes("--check")

/**
 * Writes a page, in the format of the others. `source` is whose words it should say, and `command` what writes it.
 */
export const write = (
  page: string,
  document: string,
  { command, source }: { command: string; source: string }
): void => {
  const text = execFileSync("oxfmt", ["--stdin-filepath", page], { input: document, encoding: "utf8" })
  if (!isCheck) writeFileSync(page, text)
  else if (text !== readFileSync(page, "utf8")) {
    process.stderr.write(`${page} is not what ${source} say. Run: pnpm ${command}\n`)
    process.exitCode = 1
  }
}
