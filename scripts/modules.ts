// Writes docs/generated/modules.md: every public module with its first sentence and its names. With --check, says whether the
// page is up to date.
//
//   pnpm modules
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import ts from "typescript-api"
import * as Page from "./Page.ts"
import { type Module, modules } from "./Published.ts"

const program = ts.createProgram(
  modules.map(({ file }) => resolve(file)),
  { allowImportingTsExtensions: true, module: ts.ModuleKind.NodeNext, noEmit: true, noResolve: true }
)
const checker = program.getTypeChecker()

const cell = (text: string): string => text.replaceAll("|", "\\|")

// The first sentence of the comment that opens a module.
const sentenceOf = (text: string): string => {
  const opening = /^(?:\/\/.*\n)+/.exec(text)?.[0] ?? ""
  const paragraph = opening.replaceAll(/^\/\/ ?/gm, "").split("\n\n", 1)[0] ?? ""
  return /^.*?[.](?=\s|$)/.exec(paragraph.replaceAll("\n", " ").trim())?.[0] ?? ""
}

const namesOf = (file: string): ReadonlyArray<string> => {
  const source = program.getSourceFile(resolve(file))
  const module = source && checker.getSymbolAtLocation(source)
  return module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name)
}

const row = ({ file, package: name, specifier }: Module): string => {
  const names = namesOf(file).map((exported) => `\`${exported}\``)
  const entry = specifier.slice(name.length + 1)
  return `| [\`${entry}\`](../../${file}) | ${cell(sentenceOf(readFileSync(file, "utf8")))} | ${names.join(", ")} |`
}

for (const { file } of modules) {
  if (sentenceOf(readFileSync(file, "utf8")) === "") {
    process.stderr.write(`${file}:1 does not begin with a comment that says what the module contains.\n`)
    process.exit(1)
  }
}

const document = [
  "# Modules",
  `All ${modules.length} modules, by package. Each is imported by its own path, \`@effect-workos/client/Connections\`, so a program loads only what it uses. The linked file has a docstring for every name and examples. [The index](../README.md) lists modules by task.`,
  "Written by `npx -y pnpm@12 modules`.",
  ...[...Map.groupBy(modules, (module) => module.package)].flatMap(([name, ofPackage]) => [
    `## ${name}`,
    ["| module | contents | names |", "| --- | --- | --- |", ...ofPackage.map(row)].join("\n")
  ]),
  ""
].join("\n\n")

Page.write("docs/generated/modules.md", document, { command: "modules", source: "the modules" })
