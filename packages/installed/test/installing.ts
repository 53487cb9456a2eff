// The setup of these tests: packs the built packages, and installs them with npm in an empty project outside of the
// workspace.
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { TestProject } from "vitest/node"
import { succeed } from "./running.ts"

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
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
    /** The folder of the project that the packages are installed in. */
    readonly project: string
    readonly packages: ReadonlyArray<Packed>
  }
}

const workspace = join(import.meta.dirname, "../../..")
const here = join(workspace, "packages/installed")

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** Import paths of a package's public modules: one for each built file outside of `dist/internal`. */
export const entriesOf = ({ files, manifest }: Packed): ReadonlyArray<string> =>
  manifest.exports?.["./*"] === undefined
    ? []
    : files.flatMap((file) => {
        const module = /^dist\/(?!internal\/)(.+)[.]js$/.exec(file)?.[1]
        return module === undefined ? [] : [`${manifest.name}/${module}`]
      })

const pack = async (source: string, to: string): Promise<Packed> => {
  const folder = join(to, manifestIn(source).name.replace("/", "-"))
  mkdirSync(folder, { recursive: true })
  const tarball = `${folder}.tgz`
  await succeed("pnpm", ["pack", "--out", tarball], { cwd: source })
  await succeed("tar", ["-xzf", tarball, "-C", folder, "--strip-components", "1"])
  const manifest = manifestIn(folder)
  const files = globSync("**", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return { name: manifest.name, manifest, tarball, folder, files }
}

/** The other dependencies of the programs, in the versions of this workspace. */
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
  const published = globSync("packages/*/package.json", { cwd: workspace })
    .map((file) => join(workspace, dirname(file)))
    .filter((source) => manifestIn(source).private !== true)
    .toSorted()
  const packages = await Promise.all(published.map((source) => pack(source, folder)))
  await install(project, packages)
  provide("packages", packages)
  provide("project", project)
  return () => rmSync(folder, { recursive: true })
}
