// Import of a program in a new Node process.
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type * as Measure from "./Measure.ts"

const run = promisify(execFile)

const evaluate = async <A>(script: string, program: string): Promise<A> => {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script, program])
  return JSON.parse(stdout)
}

export interface Cost {
  /** Milliseconds. */
  readonly wall: number
  /** Milliseconds, user and system, of all threads. */
  readonly cpu: number
}

const importOnce = (program: string): Promise<Cost> =>
  evaluate(
    `const before = process.cpuUsage()
     const began = performance.now()
     await import(process.argv[1])
     const wall = performance.now() - began
     const { system, user } = process.cpuUsage(before)
     console.log(JSON.stringify({ wall, cpu: (user + system) / 1000 }))`,
    program
  )

/**
 * Imports programs alternately, each time in a new process, and returns the costs of the counted rounds per program.
 */
export const inTurn = async (
  files: ReadonlyArray<string>,
  rounds: Measure.Rounds
): Promise<ReadonlyArray<ReadonlyArray<Cost>>> => {
  const costs = files.map(() => Array.of<Cost>())
  for (let round = 0; round < rounds.warmUp + rounds.counted; round++) {
    for (const [index, file] of files.entries()) {
      const cost = await importOnce(file)
      if (round >= rounds.warmUp) costs[index]?.push(cost)
    }
  }
  return costs
}

/**
 * Counts the modules that a program loads, including its own and without Node's.
 */
export const modules = (program: string): Promise<number> =>
  evaluate(
    `import { registerHooks } from "node:module"
     let loaded = 0
     registerHooks({ load: (url, context, next) => ((loaded += url.startsWith("file:") ? 1 : 0), next(url, context)) })
     await import(process.argv[1])
     console.log(loaded)`,
    program
  )
