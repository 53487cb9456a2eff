// Writes the maps in docs/architecture.md: which package imports which, and what from outside; and, of the client, which
// module imports which. They are drawn from the imports as they are. With --check, which writes nothing, says whether the
// page is that already.
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

const roomOf = (path: string): string | undefined => /^(?:packages|examples)\/([^/]+)\/src\//.exec(path)?.[1]

// `packages/client/src/…` is client, `node_modules/.pnpm/…/node_modules/@effect/vitest/…` is @effect/vitest.
const packageOf = ({ dependencyTypes, resolved }: Cruised["modules"][number]["dependencies"][number]): string => {
  if (dependencyTypes.includes("core")) return "node:*"
  const outside = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(resolved)?.[1]
  return roomOf(resolved) ?? outside ?? resolved
}

const sources = modules.flatMap((module) => {
  const room = roomOf(module.source)
  return room === undefined ? [] : [{ ...module, room }]
})

const rooms = new Set(sources.map(({ room }) => room))
const imports = new Map([...rooms].map((room) => [room, new Set<string>()]))
for (const { dependencies, room } of sources) {
  for (const dependency of dependencies) {
    const name = packageOf(dependency)
    if (name !== room && name !== dependency.resolved) imports.get(room)?.add(name)
  }
}
const inside = (room: string) => [...(imports.get(room) ?? [])].filter((name) => rooms.has(name)).toSorted()
const outside = (room: string) => [...(imports.get(room) ?? [])].filter((name) => !rooms.has(name)).toSorted()

// Those that import nothing come first, and everything else after what it imports.
const height = (room: string): number => 1 + Math.max(0, ...inside(room).map(height))
const ordered = [...rooms].toSorted((a, b) => height(a) - height(b) || a.localeCompare(b))

// What can be reached over another arrow is not drawn once more; the table has it.
const reaches = (from: string, to: string): boolean =>
  inside(from).some((between) => between === to || reaches(between, to))
const drawn = (room: string) =>
  inside(room).filter((to) => !inside(room).some((between) => between !== to && reaches(between, to)))

const packages = [
  "```mermaid",
  "flowchart BT",
  ...ordered.flatMap((room) => [`  ${room}`, ...drawn(room).map((to) => `  ${room} --> ${to}`)]),
  "```",
  "",
  "| package | imports of ours | imports from outside |",
  "| --- | --- | --- |",
  ...ordered.map(
    (room) =>
      `| \`${room}\` | ${inside(room).join(", ")} | ${outside(room)
        .map((name) => `\`${name}\``)
        .join(", ")} |`
  )
].join("\n")

const client = sources.filter(({ room }) => room === "client")
const isInternal = (path: string) => path.includes("/internal/")
const nameOf = (path: string) => basename(path, ".ts")
const ownImports = ({ dependencies }: (typeof client)[number]) =>
  dependencies.map(({ resolved }) => resolved).filter((path) => roomOf(path) === "client")

const namesIn = (module: (typeof client)[number]) => {
  const [own, internal] = [false, true].map((is) =>
    ownImports(module)
      .filter((path) => isInternal(path) === is)
      .map(nameOf)
      .toSorted()
  )
  return [...(own ?? []), ...(internal ?? []).map((path) => `_${path}_`)].join(", ")
}

// Modules of resources are alike, so they share a row, and a new resource changes nothing here.
const isResource = (module: (typeof client)[number]) => !isInternal(module.source) && namesIn(module) === "Client"

const clientTable = [
  "| module | imports |",
  "| --- | --- |",
  "| a resource without methods of its own, such as `Connections` | Client |",
  ...client
    .filter((module) => !isResource(module))
    .toSorted((a, b) => Number(isInternal(a.source)) - Number(isInternal(b.source)) || a.source.localeCompare(b.source))
    .map((module) => {
      const name = isInternal(module.source) ? `internal/${nameOf(module.source)}` : nameOf(module.source)
      return `| \`${name}\` | ${namesIn(module)} |`
    })
].join("\n")

const text = readFileSync(page, "utf8")
const put = (text: string, name: string, map: string): string => {
  const [begin, end] = [`<!-- ${name}: pnpm architecture -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`${page} has no place for the map ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${map}\n\n${text.slice(to)}`
}
Page.write(page, put(put(text, "packages", packages), "client", clientTable), {
  command: "architecture",
  source: "the imports"
})
