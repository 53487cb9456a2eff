// Verifies that the tests detect defects. Adds one defect at a time to a copy of the repository, and runs `pnpm test` there,
// which must fail. Writes docs/generated/defects.md. With --check, runs no tests, and verifies that the edits can be applied
// and that the page lists all defects. With ids of defects as arguments, runs only these and keeps the other rows of the
// page.
//
//   pnpm defects [id …]
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { catalogue, type Defect } from "./defects/catalogue.ts"
import * as Page from "./Page.ts"

const page = "docs/generated/defects.md"

const edited = ({ edits, file, id }: Defect): string => {
  let text = readFileSync(file, "utf8")
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) throw new Error(`${id}: ${file} must contain this text exactly once:\n${from}`)
    text = text.replace(from, () => to)
  }
  return text
}

const run = (command: string, args: ReadonlyArray<string>, cwd: string) =>
  spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28, env: { ...process.env, CI: "true" } })

const copyRepository = (): string => {
  const copy = mkdtempSync(join(tmpdir(), "defects-"))
  const files = run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], ".").stdout.trim().split("\n")
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(file, join(copy, file), { force: true, errorOnExist: false, verbatimSymlinks: true })
  }
  const installed = run("pnpm", ["install", "--offline", "--frozen-lockfile"], copy)
  if (installed.status !== 0)
    throw new Error(`The dependencies of the copy cannot be installed:\n${installed.stdout}${installed.stderr}`)
  return copy
}

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly message: string
    readonly assertionResults: ReadonlyArray<{ readonly status: string; readonly fullName: string }>
  }>
}

// Returns the first test that fails, or `undefined` if all tests pass.
const failingTest = (copy: string): string | undefined => {
  const output = join(copy, "report.json")
  const reporter = ["--bail", "1", "--reporter", "json", "--outputFile", output]
  const { status, stderr } = run("pnpm", ["test", ...reporter], copy)
  if (status === 0) return undefined
  const { testResults }: Report = JSON.parse(readFileSync(output, "utf8"))
  for (const { assertionResults, message, name } of testResults) {
    const failed =
      assertionResults.find(({ status }) => status === "failed")?.fullName ?? (message === "" ? undefined : "")
    if (failed !== undefined) return `\`${relative(copy, name)}\`: ${failed.replaceAll("|", "\\|")}`
  }
  throw new Error(`The test run failed, but the report contains no failing test:\n${stderr}`)
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"))
const unknown = names.find((name) => !catalogue.some(({ id }) => id === name))
if (unknown !== undefined) throw new Error(`Unknown defect ${unknown}. The ids are in scripts/defects/catalogue.ts.`)
const chosen = names.length === 0 ? catalogue : catalogue.filter(({ id }) => names.includes(id))
for (const defect of chosen) edited(defect)

const packageOf = ({ file }: Defect): string => file.split("/")[1] ?? ""
const cells = (defect: Defect) => `| \`${defect.id}\` | ${packageOf(defect)} | ${defect.summary} |`

if (Page.isCheck) {
  const text = readFileSync(page, "utf8").replaceAll(/ +/g, " ")
  const missing = catalogue.filter((defect) => !text.includes(cells(defect)))
  if (missing.length > 0) {
    process.stderr.write(`${page} does not list ${missing.map(({ id }) => id).join(", ")}. Run: pnpm defects\n`)
    process.exitCode = 1
  }
} else {
  const copy = copyRepository()
  const lines = readFileSync(page, "utf8").split("\n")
  const rows = new Map(catalogue.map(({ id }) => [id, lines.find((line) => line.startsWith(`| \`${id}\``)) ?? ""]))
  try {
    for (const defect of chosen) {
      const original = readFileSync(defect.file, "utf8")
      writeFileSync(join(copy, defect.file), edited(defect))
      const started = performance.now()
      const failing = failingTest(copy)
      writeFileSync(join(copy, defect.file), original)
      const seconds = Math.round((performance.now() - started) / 1000)
      process.stdout.write(`${defect.id}: ${failing ?? "NOT DETECTED"} (${seconds} s)\n`)
      if (failing === undefined) process.exitCode = 1
      rows.set(defect.id, `${cells(defect)} ${failing ?? "**none**"} |`)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  const table = [...rows.values()].filter((row) => row !== "").join("\n")
  Page.write(
    page,
    `# Defects

Each defect is a small mistake in one source file. \`pnpm test\` must fail with each defect. The table shows the first test that failed, and other tests may fail too. The defects are in \`scripts/defects/catalogue.ts\`.

Generated by \`npx -y pnpm@12 defects\`.

| defect | package | consequence | first failing test |
| --- | --- | --- | --- |
${table}
`,
    { command: "defects", source: "the defects" }
  )
}
