// What is in each package, looked at before it is installed.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { entriesOf } from "./installing.ts"
import { succeed } from "./running.ts"

const bin = (name: string) => join(import.meta.dirname, "../node_modules/.bin", name)

const packages = inject("packages")

// `import … from "…"`, `export … from "…"`, `import "…"` at the beginning of a line, and types that are `import("…")`.
const importing = /(?:^(?:import|export)\b(?:[^"'`;=()]*?\bfrom)?\s*|\bimport\()["']([^"'`\n]+)["']/gm

it("seven packages are published", () => {
  assert.deepStrictEqual(packages.map(({ name }) => name).toSorted(), [
    "@effect-workos/client",
    "@effect-workos/contract",
    "@effect-workos/domain",
    "@effect-workos/emulator",
    "@effect-workos/export",
    "@effect-workos/server",
    "effect-workos"
  ])
})

describe.each(packages)("$name", { concurrent: true }, (packed) => {
  const { files, folder, manifest, tarball } = packed
  const read = (file: string) => readFileSync(join(folder, file), "utf8")
  const entries = entriesOf(packed)

  it("holds its licence, its README, what was built and its sources, and nothing else", () => {
    assert.match(read("README.md"), new RegExp(`^# ${manifest.name}\n`))
    assert.include(read("LICENSE"), "MIT License")
    assert.strictEqual(manifest.license, "MIT")
    const known = /^(LICENSE|README\.md|package\.json|dist\/LICENSES\.txt|(dist|src)\/.+\.(ts|js|map))$/
    assert.deepStrictEqual(
      files.filter((file) => !known.test(file) || /\.test\.|(^|\/)test\/|tsbuildinfo/.test(file)),
      []
    )
  })

  it("asks for versions that npm knows, and for its siblings in its own", () => {
    const { dependencies, devDependencies, peerDependencies } = manifest
    const ranges = Object.entries({ ...devDependencies, ...peerDependencies, ...dependencies })
    assert.deepStrictEqual(
      ranges.filter(([, range]) => /^(catalog|workspace|link|file):/.test(range)),
      []
    )
    for (const [name, range] of Object.entries({ ...dependencies })) {
      if (packages.some((other) => other.name === name)) assert.strictEqual(range, `^${manifest.version}`)
    }
  })

  it("imports only what it asks for", () => {
    const asked = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, [manifest.name]: "" }))
    const imported = files
      .filter((file) => /^dist\/.+\.(js|d\.ts)$/.test(file))
      .flatMap((file) => [...read(file).matchAll(importing)])
      .map(([, module = ""]) => module)
      .filter((module) => !/^(\.|node:)/.test(module))
      .map((module) => module.split("/", module.startsWith("@") ? 2 : 1).join("/"))
    assert.deepStrictEqual([...new Set(imported)].filter((name) => !asked.has(name)).toSorted(), [])
  })

  it("is what publint wants", () => succeed(bin("publint"), ["--strict", tarball]))

  if (entries.length === 0) return

  it("keeps all internal modules in the one folder that exports exclude", () => {
    assert.deepStrictEqual(
      files.filter((file) => /^(dist|src)\/.+\/internal\//.test(file)),
      []
    )
  })

  it("has for each source what is built of it, with maps to the source", () => {
    const sources = files.filter((file) => file.startsWith("src/"))
    assert.isNotEmpty(sources)
    const wanted = sources.flatMap((source) =>
      [".js", ".js.map", ".d.ts", ".d.ts.map"].map((kind) => source.replace(/^src(.*)\.ts$/, `dist$1${kind}`))
    )
    assert.deepStrictEqual(files.filter((file) => file.startsWith("dist/")).toSorted(), wanted.toSorted())
    for (const file of files.filter((file) => file.endsWith(".map"))) {
      const { sources }: { readonly sources: ReadonlyArray<string> } = JSON.parse(read(file))
      for (const source of sources) assert.isTrue(existsSync(join(folder, file, "..", source)), `${file}: ${source}`)
    }
  })

  it("has types that are right in every entry, in ESM and for bundlers", () =>
    succeed(bin("attw"), [
      tarball,
      "--profile",
      "esm-only",
      "--format",
      "ascii",
      "--no-emoji",
      // It does not expand patterns by itself.
      "--entrypoints",
      ...entries.map((entry) => entry.slice(manifest.name.length + 1))
    ]))
})
