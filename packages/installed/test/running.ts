// Other programs, run to their end.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly cwd?: string
  /** Instead of all variables of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** What to do as soon as something is on stdout; when it is done, the program is ended as Ctrl-C ends it. */
  readonly onOutput?: (stdout: string) => Promise<void>
}

/** Runs a program to its end, whatever that is. */
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

/** Runs a program that has to succeed, and gives what it wrote to stdout. Where it fails, all that it wrote is told. */
export const succeed = async (program: string, args: ReadonlyArray<string>, options?: Options): Promise<string> => {
  const { code, stderr, stdout } = await run(program, args, options)
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(" ")}\nended with ${code}:\n${stdout}${stderr}`)
}

const nodeOf = (name: string) => {
  const folder = join(import.meta.dirname, "../node_modules", name)
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const path = join(folder, "bin/node")
  // Programs see no variable of this process, and find this Node before any other.
  return { version, path, env: { PATH: [dirname(path), process.env["PATH"]].join(delimiter) } }
}

/** The oldest Node that packages are said to run on, and the one that they are written with. */
export const nodes = [nodeOf("node22"), nodeOf("node")]

/**
 * An emulator on a free port, for as long as something is done with it: the installed command line's.
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
