// Runs programs, and the emulator of the installed command line.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"

/** Options of tests that run several programs. */
export const slow = { timeout: 300_000 }

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly cwd?: string
  /** Replaces the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Runs after the first output to stdout. The program then receives SIGINT. */
  readonly onOutput?: (stdout: string) => Promise<void>
}

/** Runs a program to the end, and returns the exit code and the output. */
export const run = (program: string, args: ReadonlyArray<string>, options: Options = {}): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
    })
    child.stdout.once("data", (text: string) => {
      options.onOutput?.(text).then(
        () => child.kill("SIGINT"),
        (error) => {
          child.kill("SIGKILL")
          reject(error)
        }
      )
    })
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })

/** Runs a program and returns its stdout. Rejects with the whole output if the program fails. */
export const succeed = async (program: string, args: ReadonlyArray<string>, options?: Options): Promise<string> => {
  const { code, stderr, stdout } = await run(program, args, options)
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(" ")}\nended with ${code}:\n${stdout}${stderr}`)
}

const nodeOf = (name: string) => {
  const folder = join(import.meta.dirname, "../node_modules", name)
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const path = join(folder, "bin/node")
  // Programs inherit no other variable of this process, and find this version of Node first.
  return { version, path, env: { PATH: [dirname(path), process.env["PATH"]].join(delimiter) } }
}

/** The oldest supported version of Node, and the version for development. */
export const nodes = [nodeOf("node22"), nodeOf("node")]

/**
 * Runs the emulator of the installed command line on a free port during `use`.
 */
export const emulated = (
  project: string,
  use: (workos: { readonly url: string; readonly key: string }) => Promise<void>,
  { env } = nodeOf("node")
): Promise<Finished> =>
  run("node_modules/.bin/effect-workos", ["emulate", "--port", "0", "--connections", "20"], {
    cwd: project,
    env,
    onOutput: (stdout) => {
      const [url = ""] = /http:\S+/.exec(stdout) ?? []
      const [key = ""] = /sk_test_\w+/.exec(stdout) ?? []
      return use({ url, key })
    }
  })
