// Extracts the TypeScript examples of docstrings, READMEs and docs, one per file, into build/examples. `pnpm
// check:examples` then compiles the files.
//
// A block ```ts file=…, of any language, must equal the file, so that guides contain the code that is tested. With
// --write, the blocks are replaced by the files.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { examplesOf } from "./Example.ts"

const folder = "build/examples"

const sources = [
  ...globSync("packages/*/src/**/*.ts"),
  "README.md",
  ...globSync("packages/*/README.md"),
  ...globSync("docs/**/*.md")
]

const isWriting = process.argv.includes("--write")
let differ = 0
for (const guide of globSync("docs/**/*.md")) {
  const text = readFileSync(guide, "utf8")
  const written = text.replaceAll(
    /^```(\w+) file=(\S+)\n([^]*?)^```$/gm,
    (_, language: string, file: string, code: string) => {
      const program = readFileSync(file, "utf8")
      if (code !== program && !isWriting) {
        differ++
        process.stderr.write(`${guide} differs from ${file}: run \`node scripts/examples.ts --write\`\n`)
      }
      return `\`\`\`${language} file=${file}\n${program}\`\`\``
    }
  )
  if (isWriting && written !== text) writeFileSync(guide, written)
}
if (differ > 0) process.exit(1)

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
let count = 0
for (const source of sources) {
  for (const [index, code] of examplesOf(readFileSync(source, "utf8")).entries()) {
    const name = `${source.replaceAll(/[^A-Za-z0-9]+/g, "-")}-${index + 1}.ts`
    writeFileSync(`${folder}/${name}`, `// ${source}\n${code}\nexport {}\n`)
    count++
  }
}
writeFileSync(
  `${folder}/tsconfig.json`,
  JSON.stringify({
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      composite: false,
      incremental: false,
      noEmit: true,
      noUnusedLocals: false,
      skipLibCheck: true,
      types: ["node"]
    },
    include: ["*.ts"]
  })
)
process.stdout.write(`${count} examples\n`)
