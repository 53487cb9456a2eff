// Runs the instructions of the Dockerfile in folders, without Docker.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { pathOf } from "./workos.ts"

interface Instruction {
  readonly name: string
  readonly args: string
}

/** Reads the instructions of the Dockerfile. */
export const instructions: ReadonlyArray<Instruction> = readFileSync(pathOf("Dockerfile"), "utf8")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const [, name = "", args = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    return { name, args }
  })

interface Copy {
  /** The name of another stage, unless the sources are files of the project. */
  readonly from: string | undefined
  readonly sources: ReadonlyArray<string>
  readonly target: string
}

/** Parses the arguments of a `COPY` instruction. */
export const copyOf = (args: string): Copy => {
  const [, from, paths = ""] = /^(?:--from=(\S+) )?(.+)$/.exec(args) ?? []
  const sources = paths.split(" ")
  return { from, sources: sources.slice(0, -1), target: sources.at(-1) ?? "" }
}

/** Parses a command in the form of a JSON array. */
export const commandOf = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Array(Schema.String)))

/** Returns the arguments of the last instruction with a name. */
export const argsOf = (name: string): string => instructions.findLast((each) => each.name === name)?.args ?? ""

/**
 * Runs the `WORKDIR`, `COPY` and `RUN` instructions. Each stage has a folder with its files in `folder`. Returns the working
 * directory of the last stage.
 */
export const run = (project: string, folder: string) =>
  Effect.sync(() => {
    const stages = new Map<string, string>()
    let root = folder
    let cwd = folder
    for (const { args, name } of instructions) {
      if (name === "FROM") {
        const stage = / AS (\w+)$/.exec(args)?.[1] ?? "image"
        root = join(folder, stage)
        stages.set(stage, root)
      }
      if (name === "WORKDIR") {
        cwd = join(root, args)
        mkdirSync(cwd, { recursive: true })
      }
      if (name === "COPY") {
        const { from, sources, target } = copyOf(args)
        for (const source of sources) {
          const path = join(from === undefined ? project : (stages.get(from) ?? ""), source)
          // Docker copies a file into a target that ends with a slash.
          cpSync(path, join(cwd, target, target.endsWith("/") ? basename(path) : ""), { recursive: true })
        }
      }
      if (name === "RUN") execFileSync("sh", ["-c", args], { cwd, stdio: "pipe" })
    }
    return cwd
  })

/** Returns the files and folders of a project that Docker reads, according to `.dockerignore`. */
export const included = (): ReadonlyArray<string> => {
  const [all, ...exceptions] = readFileSync(pathOf(".dockerignore"), "utf8")
    .replaceAll(/^#.*\n/gm, "")
    .trim()
    .split("\n")
  if (all !== "*" || exceptions.some((line) => !line.startsWith("!")))
    throw new Error("The .dockerignore is not a list of exceptions.")
  return exceptions.map((line) => line.slice(1))
}
