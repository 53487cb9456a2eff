// Writes the generated parts of docs/architecture.md: the imports of each package, and the imports of each module of the
// client. Both are read from the sources. With --check, the script writes nothing and fails if the page is out of date.
//
//   pnpm architecture
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { basename } from "node:path"
import * as Page from "./Page.ts"

interface Cruised {
  readonly modules: ReadonlyArray<{
    readonly source: string
    readonly dependencies: ReadonlyArray<{
      readonly resolved: string
      readonly dependencyTypes: ReadonlyArray<string>
    }>
  }>
}

const page = "docs/architecture.md"

const cruise = ["packages", "examples", "--config", ".dependency-cruiser.js", "--output-type", "json"]
const { modules }: Cruised = JSON.parse(
  execFileSync("depcruise", cruise, { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] })
)

const folderOf = (path: string): string | undefined => /^(?:packages|examples)\/([^/]+)\/src\//.exec(path)?.[1]

// `packages/client/src/…` is client, `node_modules/.pnpm/…/node_modules/@effect/vitest/…` is @effect/vitest.
const packageOf = ({ dependencyTypes, resolved }: Cruised["modules"][number]["dependencies"][number]): string => {
  if (dependencyTypes.includes("core")) return "node:*"
  const outside = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(resolved)?.[1]
  return folderOf(resolved) ?? outside ?? resolved
}

const sources = modules.flatMap((module) => {
  const folder = folderOf(module.source)
  return folder === undefined ? [] : [{ ...module, folder }]
})

const folders = new Set(sources.map(({ folder }) => folder))
const imports = new Map([...folders].map((folder) => [folder, new Set<string>()]))
for (const { dependencies, folder } of sources) {
  for (const dependency of dependencies) {
    const name = packageOf(dependency)
    if (name !== folder && name !== dependency.resolved) imports.get(folder)?.add(name)
  }
}
const inside = (folder: string) => [...(imports.get(folder) ?? [])].filter((name) => folders.has(name)).toSorted()
const outside = (folder: string) => [...(imports.get(folder) ?? [])].filter((name) => !folders.has(name)).toSorted()

// Packages without imports are first. Every other package follows those that it imports.
const height = (folder: string): number => 1 + Math.max(0, ...inside(folder).map(height))
const ordered = [...folders].toSorted((a, b) => height(a) - height(b) || a.localeCompare(b))

// The diagram omits transitive imports, which the table contains.
const reaches = (from: string, to: string): boolean =>
  inside(from).some((between) => between === to || reaches(between, to))
const drawn = (folder: string) =>
  inside(folder).filter((to) => !inside(folder).some((between) => between !== to && reaches(between, to)))

const packages = [
  "```mermaid",
  "flowchart BT",
  ...ordered.flatMap((folder) => [`  ${folder}`, ...drawn(folder).map((to) => `  ${folder} --> ${to}`)]),
  "```",
  "",
  "| package | workspace imports | external imports |",
  "| --- | --- | --- |",
  ...ordered.map(
    (folder) =>
      `| \`${folder}\` | ${inside(folder).join(", ")} | ${outside(folder)
        .map((name) => `\`${name}\``)
        .join(", ")} |`
  )
].join("\n")

const client = sources.filter(({ folder }) => folder === "client")
const isInternal = (path: string) => path.includes("/internal/")
const nameOf = (path: string) => basename(path, ".ts")
const ownImports = ({ dependencies }: (typeof client)[number]) =>
  dependencies.map(({ resolved }) => resolved).filter((path) => folderOf(path) === "client")

const namesIn = (module: (typeof client)[number]) => {
  const [own, internal] = [false, true].map((is) =>
    ownImports(module)
      .filter((path) => isInternal(path) === is)
      .map(nameOf)
      .toSorted()
  )
  return [...(own ?? []), ...(internal ?? []).map((path) => `_${path}_`)].join(", ")
}

// Modules with derived methods share a row, so that a new resource does not change the page.
const isResource = (module: (typeof client)[number]) => !isInternal(module.source) && namesIn(module) === "Client"

const clientTable = [
  "| module | imports |",
  "| --- | --- |",
  "| services with derived methods only, such as `Connections` | Client |",
  ...client
    .filter((module) => !isResource(module))
    .toSorted((a, b) => Number(isInternal(a.source)) - Number(isInternal(b.source)) || a.source.localeCompare(b.source))
    .map((module) => {
      const name = isInternal(module.source) ? `internal/${nameOf(module.source)}` : nameOf(module.source)
      return `| \`${name}\` | ${namesIn(module)} |`
    })
].join("\n")

const text = readFileSync(page, "utf8")
const replacePart = (text: string, name: string, part: string): string => {
  const [begin, end] = [`<!-- ${name}: pnpm architecture -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`${page} does not contain the markers of the part ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`
}
Page.write(page, replacePart(replacePart(text, "packages", packages), "client", clientTable), {
  command: "architecture",
  source: "the imports"
})
