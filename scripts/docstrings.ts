// Checks docstrings of public names (`pnpm check:docstrings`). Each name has a description, and each module has an example
// that imports it, either in a docstring of its own or, for a module of types and data, in one of another module of its
// package. Modules of a resource or its service need none: the reference shows their calls. `pnpm check:examples` compiles
// the examples.
//
// - Static members and the members of services count as names. Static literals, such as the status of an error, do not.
// - A name that is both a value and a type counts once, and a name that is exported again counts where it is declared.
import { readFileSync } from "node:fs"
import { relative, resolve } from "node:path"
import ts from "typescript-api"
import { examplesOf } from "./Example.ts"
import { modules } from "./Published.ts"

const { fileNames, options } = ts.parseJsonConfigFileContent(
  { extends: "./tsconfig.base.json", files: modules.map(({ file }) => file) },
  ts.sys,
  process.cwd()
)
const program = ts.createProgram(fileNames, options)
const checker = program.getTypeChecker()

const isDescribed = (declaration: ts.Declaration): boolean =>
  ts
    .getJSDocCommentsAndTags(declaration)
    .filter(ts.isJSDoc)
    .some(({ comment }) => /^(?!\*\*|```)\S/.test(ts.getTextOfJSDocComment(comment) ?? "")) ||
  // The compiler does not attach comments to `export { … }`.
  (ts.isExportSpecifier(declaration) && /^\s*\/\*\*/.test(declaration.getFullText()))

const own = `${process.cwd()}/packages/`
const isOurs = (declaration: ts.Declaration): boolean => declaration.getSourceFile().fileName.startsWith(own)

const wrong: Array<string> = []
let count = 0

const check = (name: string, declarations: ReadonlyArray<ts.Declaration>): void => {
  const [first] = declarations
  if (first === undefined) return
  count++
  if (declarations.some(isDescribed)) return
  const file = first.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(first.getStart())
  wrong.push(`${relative(process.cwd(), file.fileName)}:${line + 1} ${name} has no description.`)
}

const isStatic = (member: ts.ClassElement): boolean => {
  const flags = ts.getCombinedModifierFlags(member)
  const isLiteral =
    ts.isPropertyDeclaration(member) && member.initializer !== undefined && ts.isLiteralExpression(member.initializer)
  return (flags & ts.ModifierFlags.Static) !== 0 && (flags & ts.ModifierFlags.Private) === 0 && !isLiteral
}

// The members of a service's shape. Those that derive from a resource are described there.
const membersOf = (declarations: ReadonlyArray<ts.Declaration>): ReadonlyArray<ts.Symbol> =>
  declarations.filter(ts.isClassDeclaration).flatMap((declaration) => {
    const [base] = declaration.heritageClauses?.[0]?.types ?? []
    if (base === undefined || !/^(Context|Client)\.Service/.test(base.expression.getText())) return []
    const service = checker.getPropertyOfType(checker.getTypeAtLocation(base.expression), "Service")
    return service === undefined ? [] : checker.getPropertiesOfType(checker.getTypeOfSymbol(service))
  })

const published = new Set(modules.map(({ file }) => resolve(file)))
const examples = modules.flatMap(({ file, package: name }) =>
  examplesOf(readFileSync(file, "utf8")).map((code) => ({ code, package: name }))
)

// The calls of a described resource and of its service are in docs/generated/reference.md.
const isDerived = (text: string): boolean => /\bResource\.make\(|\bextends Client\.Service</.test(text)

for (const { file, package: name, specifier } of modules) {
  const source = program.getSourceFile(resolve(file))
  const module = source && checker.getSymbolAtLocation(source)
  if (source === undefined || module === undefined) continue
  const isShown = examples.some((example) => example.package === name && example.code.includes(`"${specifier}"`))
  if (!isShown && !isDerived(source.text)) wrong.push(`${file}:1 has no example that imports it.`)
  for (const exported of checker.getExportsOfModule(module)) {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported
    const declarations = [...(isAlias ? (exported.declarations ?? []) : []), ...(symbol.declarations ?? [])].filter(
      isOurs
    )
    const home = symbol.declarations?.[0]?.getSourceFile().fileName
    if (home === undefined || (home !== source.fileName && published.has(home))) continue
    check(exported.name, declarations)
    const statics = declarations.filter(ts.isClassDeclaration).flatMap(({ members }) => members.filter(isStatic))
    for (const member of statics) check(`${exported.name}.${member.name?.getText()}`, [member])
    for (const member of membersOf(declarations)) {
      const described = (member.declarations ?? []).filter((part) => isOurs(part) && !ts.isExportSpecifier(part))
      check(`${exported.name}[${member.name}]`, described)
    }
  }
}

for (const sentence of wrong.toSorted()) process.stderr.write(`${sentence}\n`)
process.stdout.write(`${count} public names, ${wrong.length} problems\n`)
if (wrong.length > 0) process.exit(1)
