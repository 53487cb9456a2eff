// Checks docstrings of public names (`pnpm check:docstrings`).
//
// - Each public name has a docstring: exports, static members, and members of services. Static literals, such as the
//   status of an error, need none. A name that is both a value and a type counts once, and a name that is exported again
//   counts in the module that declares it.
// - The first line is plain: it begins with a capital letter, a digit or code, and not with What, Who, How, Whether or
//   Where.
// - An example of the package uses each service, and imports each module with entry points: functions that return an
//   effect, a stream or a layer. Other names have an example only if it helps the reader.
//
// `pnpm check:examples` compiles the examples.
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

/** The first line of each docstring of a declaration. */
const firstLines = (declaration: ts.Declaration): ReadonlyArray<string> => {
  // The compiler does not attach comments to `export { … }`.
  if (ts.isExportSpecifier(declaration)) {
    return Array.from(declaration.getFullText().matchAll(/\/\*\*[\s*]*(.*)/g), ([, line = ""]) => line)
  }
  return ts
    .getJSDocCommentsAndTags(declaration)
    .filter(ts.isJSDoc)
    .map(({ comment }) => (ts.getTextOfJSDocComment(comment) ?? "").split("\n", 1)[0] ?? "")
}

const isPlain = (line: string): boolean =>
  /^(?!```)[A-Z0-9`{]/.test(line) && !/^(?:What|Who|Whose|How|Whether|Where)\b/.test(line)

const folder = `${process.cwd()}/packages/`
const isOurs = (declaration: ts.Declaration): boolean => declaration.getSourceFile().fileName.startsWith(folder)

const problems: Array<string> = []
let count = 0

const report = (declaration: ts.Declaration, problem: string): void => {
  const file = declaration.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart())
  problems.push(`${relative(process.cwd(), file.fileName)}:${line + 1} ${problem}`)
}

const check = (name: string, declarations: ReadonlyArray<ts.Declaration>): void => {
  const [first] = declarations
  if (first === undefined) return
  count++
  const lines = declarations.flatMap(firstLines).filter((line) => line !== "")
  if (lines.length === 0) return report(first, `${name} has no docstring.`)
  const line = lines.find((line) => !isPlain(line))
  if (line !== undefined) report(first, `The docstring of ${name} begins with "${line.slice(0, 40)}".`)
}

const isStatic = (member: ts.ClassElement): boolean => {
  const flags = ts.getCombinedModifierFlags(member)
  const isLiteral =
    ts.isPropertyDeclaration(member) && member.initializer !== undefined && ts.isLiteralExpression(member.initializer)
  return (flags & ts.ModifierFlags.Static) !== 0 && (flags & ts.ModifierFlags.Private) === 0 && !isLiteral
}

const isService = (declaration: ts.Declaration): boolean => {
  if (!ts.isClassDeclaration(declaration)) return false
  const base = declaration.heritageClauses?.[0]?.types[0]?.expression.getText() ?? ""
  return /^(?:Context|Client|HttpApiMiddleware)\.Service\b/.test(base)
}

/** Tests whether a value is a function that returns an effect, a stream or a layer. */
const isEntryPoint = (symbol: ts.Symbol, declaration: ts.Declaration): boolean =>
  checker
    .getTypeOfSymbolAtLocation(symbol, declaration)
    .getCallSignatures()
    .some((signature) => ["Effect", "Stream", "Layer"].includes(signature.getReturnType().getSymbol()?.name ?? ""))

// The members of a service's shape. Members that derive from a resource have the docstrings of its endpoints.
const membersOf = (declarations: ReadonlyArray<ts.Declaration>): ReadonlyArray<ts.Symbol> =>
  declarations.filter(ts.isClassDeclaration).flatMap((declaration) => {
    const [base] = declaration.heritageClauses?.[0]?.types ?? []
    if (base === undefined || !/^(?:Context|Client)\.Service\b/.test(base.expression.getText())) return []
    const service = checker.getPropertyOfType(checker.getTypeAtLocation(base.expression), "Service")
    return service === undefined ? [] : checker.getPropertiesOfType(checker.getTypeOfSymbol(service))
  })

const published = new Set(modules.map(({ file }) => resolve(file)))
const examples = modules.flatMap(({ file, package: name }) =>
  examplesOf(readFileSync(file, "utf8")).map((code) => ({ code, package: name }))
)

/** Returns the examples of a package that import a module of the package. */
const examplesThatImport = (library: string, specifier: string): ReadonlyArray<string> =>
  examples.flatMap(({ code, package: name }) => (name === library && code.includes(`"${specifier}"`) ? [code] : []))

for (const { file, package: library, specifier } of modules) {
  const source = program.getSourceFile(resolve(file))
  const module = source && checker.getSymbolAtLocation(source)
  if (source === undefined || module === undefined) continue
  const codes = examplesThatImport(library, specifier)
  let hasEntryPoint = false
  for (const exported of checker.getExportsOfModule(module)) {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported
    const declarations = [...(isAlias ? (exported.declarations ?? []) : []), ...(symbol.declarations ?? [])].filter(
      isOurs
    )
    const home = symbol.declarations?.[0]?.getSourceFile().fileName
    if (home === undefined || (home !== source.fileName && published.has(home))) continue
    check(exported.name, declarations)
    const [declaration] = declarations
    if (declaration === undefined) continue
    hasEntryPoint ||= isEntryPoint(symbol, declaration)
    if (declarations.some(isService) && !codes.some((code) => new RegExp(`\\b${exported.name}\\b`).test(code))) {
      report(declaration, `No example uses the service ${exported.name}.`)
    }
    const statics = declarations.filter(ts.isClassDeclaration).flatMap(({ members }) => members.filter(isStatic))
    for (const member of statics) check(`${exported.name}.${member.name?.getText()}`, [member])
    for (const member of membersOf(declarations)) {
      const described = (member.declarations ?? []).filter((part) => isOurs(part) && !ts.isExportSpecifier(part))
      check(`${exported.name}[${member.name}]`, described)
    }
  }
  if (hasEntryPoint && codes.length === 0) report(source, "No example imports this module.")
}

for (const problem of problems.toSorted()) process.stderr.write(`${problem}\n`)
process.stdout.write(`${count} public names, ${problems.length} problems\n`)
if (problems.length > 0) process.exit(1)
