// Packs the built packages as they will be published: all packages, or the named packages and the packages that they depend
// on. Tarballs of an earlier run are removed from the folder.
//
//   node scripts/pack.ts [--out FOLDER] [PACKAGE …]
import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

const root = join(import.meta.dirname, "..")

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string", default: join(root, "out/packed") } }
})
const folder = resolve(values.out)

const published = globSync("packages/*/package.json", { cwd: root })
  .map((file): Manifest => JSON.parse(readFileSync(join(root, file), "utf8")))
  .filter((manifest) => manifest.private !== true)
  .map(({ name }) => name)
  .toSorted()

const unknown = positionals.filter((name) => !published.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`Unknown package ${unknown.join(", ")}. Packages: ${published.join(", ")}.\n`)
  process.exit(2)
}

mkdirSync(folder, { recursive: true })
for (const file of globSync("effect-workos-*.tgz", { cwd: folder })) rmSync(join(folder, file))

// `--filter-prod NAME...` selects a package and its dependencies, without development dependencies.
const filters = (positionals.length > 0 ? positionals : published).flatMap((name) => ["--filter-prod", `${name}...`])
execFileSync("pnpm", ["--recursive", ...filters, "pack", "--silent", "--pack-destination", folder], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
  shell: process.platform === "win32"
})

for (const file of globSync("effect-workos-*.tgz", { cwd: folder }).toSorted()) {
  process.stdout.write(`${join(folder, file)}\n`)
}
