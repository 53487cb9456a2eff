// CPU time of `tsc --build` from clean, relative to a git revision: both are checked out into temporary worktrees and built
// alternately. Uncommitted changes are not measured.
import { execFile } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as Folder from "./Folder.ts"
import * as Measure from "./Measure.ts"

const repository = fileURLToPath(new URL("../../..", import.meta.url))

const run = async (folder: string, program: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const { stderr, stdout } = await promisify(execFile)(program, args, { cwd: folder, maxBuffer: 2 ** 26 })
  return stdout + stderr
}

// A shell's `time` includes the compiler's own child processes; `process.cpuUsage` does not.
const build = async (worktree: string): Promise<{ readonly cpu: number; readonly wall: number }> => {
  const tsc = join(worktree, "node_modules/.bin/tsc")
  await run(worktree, tsc, "--build", "--clean")
  const times = await run(worktree, "bash", "-c", `TIMEFORMAT='%U %S %R'; time "${tsc}" --build >&2`)
  const [user = NaN, system = NaN, wall = NaN] = (times.trim().split("\n").at(-1) ?? "").split(" ").map(Number)
  return { cpu: user + system, wall }
}

export const types = (base: string, rounds: Measure.Rounds): Promise<Measure.Report> =>
  Folder.temporary(async (file) => {
    const revisions = [base, "HEAD"].map((revision, index) => ({ revision, worktree: file(String(index)) }))
    const builds = revisions.map(() => Array.of<{ readonly cpu: number; readonly wall: number }>())
    try {
      for (const { revision, worktree } of revisions) {
        await run(repository, "git", "worktree", "add", "--detach", worktree, revision)
        await run(worktree, "npx", "-y", "pnpm@12", "install", "--frozen-lockfile", "--prefer-offline")
      }
      for (let round = 0; round < rounds.warmUp + rounds.counted; round++) {
        for (const [index, { worktree }] of revisions.entries()) {
          const cost = await build(worktree)
          if (round >= rounds.warmUp) builds[index]?.push(cost)
        }
      }
    } finally {
      for (const { worktree } of revisions) {
        await run(repository, "git", "worktree", "remove", "--force", worktree).catch(() => {})
      }
    }
    const cpus = builds.map((costs) => costs.map(({ cpu }) => cpu))
    return {
      tables: [
        Measure.table(
          ["`tsc --build` from clean", "CPU", "ratio", "time"],
          revisions.map(({ revision }, index) => [
            revision === "HEAD" ? "the current revision" : `\`${revision}\``,
            `${Measure.median(cpus[index] ?? []).toFixed(1)} s`,
            Measure.medianRatio(cpus[index], cpus[0]).toFixed(2),
            `${Measure.median(builds[index]?.map(({ wall }) => wall) ?? []).toFixed(1)} s`
          ])
        )
      ],
      targets: [
        {
          metric: `CPU of \`tsc --build\` from clean, relative to \`${base}\``,
          now: Measure.medianRatio(cpus[1], cpus[0]).toFixed(2),
          target: "≤ 1.3"
        }
      ]
    }
  })
