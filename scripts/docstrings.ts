// Holds every public name to a docstring with a description and an example (`pnpm check:docstrings`). Examples are compiled by
// `pnpm check:examples`.
//
// - The example is its own, or another one of its module that uses it: what belongs together is often best shown together,
//   and an interface with what takes it. An error is used where its tag is.
// - The same goes for what a class has statically, layers above all, and for what a service can do.
// - A name that is a value and a type counts once. One that is exported again counts where it is declared, unless that is
//   internal.
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

// What examples name: of a module, by import or as a tag; and of anything, after a dot or taken
// out of it.
interface Named {
  readonly imported: ReadonlySet<string>
  readonly members: ReadonlySet<string>
}

const namedIn = (examples: ReadonlyArray<string>, specifier: string): Named => {
  const imported = new Set<string>()
  const members = new Set<string>()
  for (const example of examples) {
    const namespaces = new Set<string>()
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) {
        const bindings = node.importClause?.namedBindings
        if (!ts.isStringLiteral(node.moduleSpecifier) || node.moduleSpecifier.text !== specifier) return
        if (bindings !== undefined && ts.isNamespaceImport(bindings)) namespaces.add(bindings.name.text)
        else bindings?.elements.forEach(({ name, propertyName = name }) => imported.add(propertyName.text))
        return
      }
      const path = ts.isPropertyAccessExpression(node)
        ? ([node.expression, node.name] as const)
        : ts.isQualifiedName(node)
          ? ([node.left, node.right] as const)
          : undefined
      if (path !== undefined) {
        const [left, right] = path
        if (ts.isIdentifier(left) && namespaces.has(left.text)) imported.add(right.text)
        members.add(right.text)
        members.add(`${left.getText().split(".").at(-1)}.${right.text}`)
      }
      if (ts.isStringLiteral(node)) imported.add(node.text)
      if (ts.isPropertyAssignment(node)) imported.add(node.name.getText())
      if (ts.isBindingElement(node)) members.add((node.propertyName ?? node.name).getText())
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile("example.ts", example, ts.ScriptTarget.Latest, true))
  }
  return { imported, members }
}

const docstringOf = (declarations: ReadonlyArray<ts.Declaration>) => {
  const blocks = declarations.flatMap((declaration) => ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc))
  return {
    isDescribed: blocks.some(({ comment }) => /^(?!\*\*|```)\S/.test(ts.getTextOfJSDocComment(comment) ?? "")),
    hasExample: blocks.some((block) => examplesOf(block.getText()).length > 0)
  }
}

const own = `${process.cwd()}/packages/`
const isOurs = (declaration: ts.Declaration): boolean => declaration.getSourceFile().fileName.startsWith(own)

const wrong: Array<string> = []
let count = 0

const look = (name: string, declarations: ReadonlyArray<ts.Declaration>, isShown: boolean): void => {
  const [first] = declarations
  if (first === undefined) return
  count++
  const file = first.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(first.getStart())
  const place = `${relative(process.cwd(), file.fileName)}:${line + 1} ${name}`
  const { hasExample, isDescribed } = docstringOf(declarations)
  if (!isDescribed) wrong.push(`${place} has no docstring that says what it is.`)
  else if (!hasExample && !isShown) wrong.push(`${place} has no example, and is used in none of its module.`)
}

const isStatic = (member: ts.ClassElement): boolean => {
  const flags = ts.getCombinedModifierFlags(member)
  return (flags & ts.ModifierFlags.Static) !== 0 && (flags & ts.ModifierFlags.Private) === 0
}

// What a service can do: the members of what `Context.Service` says that it is.
const operationsOf = (declarations: ReadonlyArray<ts.Declaration>): ReadonlyArray<ts.Symbol> =>
  declarations.filter(ts.isClassDeclaration).flatMap((declaration) => {
    const [base] = declaration.heritageClauses?.[0]?.types ?? []
    if (base?.expression.getText().startsWith("Context.Service") !== true) return []
    const service = checker.getPropertyOfType(checker.getTypeAtLocation(base.expression), "Service")
    return service === undefined ? [] : checker.getPropertiesOfType(checker.getTypeOfSymbol(service))
  })

const published = new Set(modules.map(({ file }) => resolve(file)))

for (const { file, specifier } of modules) {
  const source = program.getSourceFile(resolve(file))
  const module = source && checker.getSymbolAtLocation(source)
  if (source === undefined || module === undefined) continue
  const named = namedIn(examplesOf(readFileSync(file, "utf8")), specifier)
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const declarations = (symbol.declarations ?? []).filter(isOurs)
    const home = declarations[0]?.getSourceFile().fileName
    if (home === undefined || (home !== source.fileName && published.has(home))) continue
    look(exported.name, declarations, named.imported.has(exported.name))
    const statics = declarations.filter(ts.isClassDeclaration).flatMap(({ members }) => members.filter(isStatic))
    for (const member of statics) {
      const name = `${exported.name}.${member.name?.getText()}`
      look(name, [member], named.members.has(name))
    }
    for (const operation of operationsOf(declarations)) {
      look(
        `${exported.name}[${operation.name}]`,
        (operation.declarations ?? []).filter(isOurs),
        named.members.has(operation.name)
      )
    }
  }
}

for (const sentence of wrong.toSorted()) process.stderr.write(`${sentence}\n`)
process.stdout.write(`${count} public names, ${wrong.length} without what they need\n`)
if (wrong.length > 0) process.exit(1)
