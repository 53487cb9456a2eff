// Runs the shell steps of a GitHub Actions job in an empty folder. Actions, triggers, permissions, caches and uploads are
// only parsed.
import * as Process from "@effect-workos/testing/Process"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Yaml from "yaml"

const Texts = Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number]))

const Step = Schema.Struct({
  name: Schema.optionalKey(Schema.String),
  if: Schema.optionalKey(Schema.String),
  uses: Schema.optionalKey(Schema.String),
  with: Schema.optionalKey(Texts),
  run: Schema.optionalKey(Schema.String),
  env: Schema.optionalKey(Texts)
})
type Step = typeof Step.Type

const Workflow = Schema.Struct({
  on: Schema.Unknown,
  permissions: Schema.Record(Schema.String, Schema.String),
  env: Schema.optionalKey(Texts),
  jobs: Schema.Struct({ verify: Schema.Struct({ steps: Schema.Array(Step) }) })
})

export const textOf = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8")

export const parse = (file: string) => Schema.decodeUnknownSync(Workflow)(Yaml.parse(textOf(file)))

/** The contexts of `${{ }}` expressions. */
export type Contexts = Readonly<Record<string, Readonly<Record<string, string>>>>

interface Ran {
  /** The exit codes of the shell steps, up to the first that is not 0. */
  readonly codes: ReadonlyArray<number | null>
  readonly output: string
  /** The summary of the job, in Markdown. */
  readonly summary: string
  /** Returns the text of a file in the working directory, if it exists. */
  readonly file: (name: string) => string | undefined
}

// The bundle of the global setup.
const bin = join(dirname(createRequire(import.meta.url).resolve("effect-workos/package.json")), "build/program/bin.js")

// A replacement for npx that runs the local command line, with the given flags, and refuses other packages.
const npx = (flags: string) => `#!/bin/sh
[ "$1 $2" = "-y effect-workos@0" ] || { echo "npx $*" >&2; exit 127; }
shift 2
exec "${process.execPath}" "${bin}" "$@" ${flags}
`

/** The flags for a short run: one case of a few laws. */
const few = "--runs 1 --laws lists/limit,resources"

const fill = (text: string | number, contexts: Contexts): string =>
  String(text).replaceAll(
    /\$\{\{ *(\w+)\.(\w+) *\}\}/g,
    (_, context: string, name: string) => contexts[context]?.[name] ?? ""
  )

const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined)

/**
 * Runs the shell steps of a workflow like a Linux runner of GitHub, with the given files checked out. `npm ci` installs the
 * dependencies of this package. The flags are added to `verify`.
 */
export const run = Effect.fnUntraced(function* (
  file: string,
  contexts: Contexts,
  files: Readonly<Record<string, string>> = {},
  flags = few
) {
  const { env = {}, jobs } = parse(file)
  const folder = yield* Process.folder("workflow-")
  const [work, tools, home] = ["work", "tools", "home"].map((name) => join(folder, name))
  if (work === undefined || tools === undefined || home === undefined) return yield* Effect.die("no folders")
  for (const path of [work, tools, home]) mkdirSync(path)
  const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
  const programs = { npx: npx(flags), npm: `#!/bin/sh\n[ "$*" = ci ] && exec ln -s "${modules}" node_modules\n` }
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(tools, name), text)
    chmodSync(join(tools, name), 0o755)
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text)

  const known = { ...contexts, env: { ...mapValues(env, (text) => fill(text, contexts)), ...contexts["env"] } }
  const summaryFile = join(folder, "summary.md")
  const codes: Array<number | null> = []
  let output = ""
  for (const [index, step] of jobs.verify.steps.entries()) {
    if (step.run === undefined) continue
    const script = join(folder, `step-${index}.sh`)
    writeFileSync(script, fill(step.run, known))
    const ran = yield* shell(script, work, {
      PATH: `${tools}:${process.env["PATH"] ?? ""}`,
      HOME: home,
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: summaryFile,
      ...known.env,
      ...mapValues(step.env ?? {}, (text) => fill(text, known))
    })
    codes.push(ran.code)
    output += ran.output
    if (ran.code !== 0) break
  }
  const ran: Ran = { codes, output, summary: read(summaryFile) ?? "", file: (name) => read(join(work, name)) }
  return ran
})

const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]))

// Background processes of a step run until the end of the job.
const shell = Effect.fnUntraced(function* (script: string, cwd: string, env: Record<string, string>) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn("bash", ["-e", script], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] })),
    ({ pid }) =>
      Effect.sync(() => {
        try {
          if (pid !== undefined) process.kill(-pid, "SIGKILL")
        } catch {
          // No process of the group is running.
        }
      })
  )
  return yield* Effect.callback<{ readonly code: number | null; readonly output: string }>((resume) => {
    let output = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text))
    }
    child.on("exit", (code) => setTimeout(() => resume(Effect.succeed({ code, output })), 50))
  })
})
