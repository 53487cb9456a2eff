// Lines and files of commits that add an operation. Generated pages are not counted.
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Measure from "./Measure.ts"

const cwd = fileURLToPath(new URL("../../..", import.meta.url))

const git = (...args: ReadonlyArray<string>): string => execFileSync("git", args, { cwd, encoding: "utf8" }).trim()

interface Change {
  readonly commit: string
  readonly subject: string
  readonly added: number
  readonly removed: number
  readonly files: number
}

const changeOf = (commit: string): Change => {
  const pathspec = ["--", ".", ":(exclude)docs/generated"]
  const [subject = "", ...lines] = git("show", "--format=%s", "--numstat", commit, ...pathspec)
    .split("\n")
    .filter((line) => line !== "")
  // Git prints `-` instead of the numbers of a binary file.
  const numbers = lines.map((line) => line.split("\t").map(Number))
  const sum = (column: number) => numbers.reduce((total, row) => total + (row[column] || 0), 0)
  return { commit, subject, added: sum(0), removed: sum(1), files: lines.length }
}

const range = (values: ReadonlyArray<number>): string => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? String(least) : `${least}–${most}`
}

/**
 * Measures the given commits, or all commits since `base` that change `domain` and whose subjects begin with `feat(`.
 */
export const operations = (base: string, commits: ReadonlyArray<string>): Measure.Report => {
  const found =
    commits.length > 0
      ? commits
      : git("log", "--reverse", "--format=%h", "--grep=^feat(", `${base}..HEAD`, "--", "packages/domain/src")
          .split("\n")
          .filter((commit) => commit !== "")
  const changes = found.map(changeOf)
  return {
    tables: [
      Measure.table(
        ["commit", "lines added", "lines removed", "files"],
        changes.map(({ added, commit, files, removed, subject }) => [
          `\`${commit}\` ${subject}`,
          String(added),
          String(removed),
          String(files)
        ])
      )
    ],
    targets: [
      {
        metric: "lines and files per added operation",
        now:
          changes.length === 0
            ? "no commits"
            : `${range(changes.map(({ added }) => added))} lines, ${range(changes.map(({ files }) => files))} files`,
        target: "≤ 60 lines, ≤ 4 files"
      }
    ]
  }
}
