// The contents of each packed package, before installation.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { entriesOf } from "./installing.ts"
import { slow, succeed } from "./running.ts"

const bin = (name: string) => join(import.meta.dirname, "../node_modules/.bin", name)

const packages = inject("packages")

// Matches `import … from "…"`, `export … from "…"` and `import "…"` at the beginning of a line, and types `import("…")`.
const importing = /(?:^(?:import|export)\b(?:[^"'`;=()]*?\bfrom)?\s*|\bimport\()["']([^"'`\n]+)["']/gm

it("The workspace publishes eight packages", () => {
  assert.deepStrictEqual(packages.map(({ name }) => name).toSorted(), [
    "@effect-workos/client",
    "@effect-workos/contract",
    "@effect-workos/contract-engine",
    "@effect-workos/domain",
    "@effect-workos/emulator",
    "@effect-workos/export",
    "@effect-workos/server",
    "effect-workos"
  ])
})

describe.each(packages)("$name", { concurrent: true, ...slow }, (packed) => {
  const { files, folder, manifest, name, tarball } = packed
  const read = (file: string) => readFileSync(join(folder, file), "utf8")
  const entries = entriesOf(packed)

  it(`The package ${name} contains only the licence, the README, the build and the sources`, () => {
    assert.match(read("README.md"), new RegExp(`^# ${manifest.name}\n`))
    assert.include(read("LICENSE"), "MIT License")
    assert.strictEqual(manifest.license, "MIT")
    const known =
      /^(LICENSE|README\.md|package\.json|dist\/LICENSES\.txt|verify\.schema\.json|(dist|src)\/.+\.(ts|js|map))$/
    assert.deepStrictEqual(
      files.filter((file) => !known.test(file) || /\.test\.|(^|\/)test\/|tsbuildinfo/.test(file)),
      []
    )
  })

  it(`The package ${name} depends on published versions, and on the same version of sibling packages`, () => {
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

  it(`The package ${name} imports only declared dependencies`, () => {
    const declared = new Set(
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, [manifest.name]: "" })
    )
    const imported = files
      .filter((file) => /^dist\/.+\.(js|d\.ts)$/.test(file))
      .flatMap((file) => [...read(file).matchAll(importing)])
      .map(([, module = ""]) => module)
      .filter((module) => !/^(\.|node:)/.test(module))
      .map((module) => module.split("/", module.startsWith("@") ? 2 : 1).join("/"))
    assert.deepStrictEqual([...new Set(imported)].filter((name) => !declared.has(name)).toSorted(), [])
  })

  it(`The package ${name} passes publint`, () => succeed(bin("publint"), ["--strict", tarball]))

  if (entries.length === 0) return

  it(`The package ${name} has internal modules only in the folder that exports exclude`, () => {
    assert.deepStrictEqual(
      files.filter((file) => /^(dist|src)\/.+\/internal\//.test(file)),
      []
    )
  })

  it(`The package ${name} contains the build of each source file, with source maps`, () => {
    const sources = files.filter((file) => file.startsWith("src/"))
    assert.isNotEmpty(sources)
    const expected = sources.flatMap((source) =>
      [".js", ".js.map", ".d.ts", ".d.ts.map"].map((kind) => source.replace(/^src(.*)\.ts$/, `dist$1${kind}`))
    )
    assert.deepStrictEqual(files.filter((file) => file.startsWith("dist/")).toSorted(), expected.toSorted())
    for (const file of files.filter((file) => file.endsWith(".map"))) {
      const { sources }: { readonly sources: ReadonlyArray<string> } = JSON.parse(read(file))
      for (const source of sources) assert.isTrue(existsSync(join(folder, file, "..", source)), `${file}: ${source}`)
    }
  })

  it(`The package ${name} has correct types in every module, for ESM and bundlers`, () =>
    succeed(bin("attw"), [
      tarball,
      "--profile",
      "esm-only",
      "--format",
      "ascii",
      "--no-emoji",
      // `attw` does not expand patterns.
      "--entrypoints",
      ...entries.map((entry) => entry.slice(manifest.name.length + 1))
    ]))
})
