// Runs before the tests. Packs the built packages, and installs them with npm in an empty project outside of the workspace.
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { succeed } from "./running.ts"

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | null>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A packed package. */
export interface Packed {
  readonly name: string
  readonly manifest: Manifest
  readonly tarball: string
  /** The folder of the unpacked tarball. */
  readonly folder: string
  readonly files: ReadonlyArray<string>
}

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the project with the installed packages. */
    readonly project: string
    readonly packages: ReadonlyArray<Packed>
  }
}

const workspace = join(import.meta.dirname, "../../..")
const here = join(workspace, "packages/installed")

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** Returns the import paths of a package's public modules: one for each built file outside of `dist/internal`. */
export const entriesOf = ({ files, manifest }: Packed): ReadonlyArray<string> =>
  manifest.exports?.["./*"] === undefined
    ? []
    : files.flatMap((file) => {
        const module = /^dist\/(?!internal\/)(.+)[.]js$/.exec(file)?.[1]
        return module === undefined ? [] : [`${manifest.name}/${module}`]
      })

const unpack = async (tarball: string): Promise<Packed> => {
  const folder = tarball.replace(/[.]tgz$/, "")
  mkdirSync(folder)
  await succeed("tar", ["-xzf", tarball, "-C", folder, "--strip-components", "1"])
  const manifest = manifestIn(folder)
  const files = globSync("**", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return { name: manifest.name, manifest, tarball, folder, files }
}

/** Dependencies of the programs from npm, in the versions of this workspace. */
const others = ["effect", "@effect/platform-node", "@effect/vitest", "vitest", "@types/node"]

const install = async (project: string, packages: ReadonlyArray<Packed>): Promise<void> => {
  cpSync(join(here, "programs"), project, { recursive: true })
  const written = (file: string, json: object) => writeFileSync(join(project, file), JSON.stringify(json, undefined, 2))
  written("package.json", {
    private: true,
    type: "module",
    dependencies: Object.fromEntries([
      ...packages.map(({ name, tarball }) => [name, `file:${tarball}`]),
      ...others.map((name) => [name, manifestIn(join(here, "node_modules", name)).version])
    ])
  })
  written("tsconfig.json", {
    compilerOptions: { strict: true, skipLibCheck: false, noEmit: true, target: "ES2024", types: ["node"] },
    include: ["*.ts"]
  })
  writeFileSync(
    join(project, "every-entry.ts"),
    packages
      .flatMap(entriesOf)
      .map((entry, index) => `export * as entry${index} from ${JSON.stringify(entry)}\n`)
      .join("")
  )
  await succeed("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: project })
}

export default async ({ provide }: TestProject) => {
  const folder = mkdtempSync(join(tmpdir(), "effect-workos-installed-"))
  const project = join(folder, "project")
  mkdirSync(project)
  const tarballs = await succeed(process.execPath, [join(workspace, "scripts/pack.ts"), "--out", folder])
  const packages = await Promise.all(tarballs.trimEnd().split("\n").map(unpack))
  await install(project, packages)
  provide("packages", packages)
  provide("project", project)
  return () => rmSync(folder, { recursive: true })
}
