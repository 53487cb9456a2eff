// Takes the TypeScript examples out of docstrings, READMEs and docs, each into a file of its own under build/examples,
// where the compiler looks at them (`pnpm check:examples`). An example that lacks an import, names what is not there or
// has a wrong type fails the check. So does one that is said to be a file, ```ts file=… or ```yaml file=…, and differs from it:
// what has tests stands in the guide as it was tested. `--write` writes those files anew into the guides.
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
    /^```(ts|yaml) file=(\S+)\n([^]*?)^```$/gm,
    (_, language: string, file: string, code: string) => {
      const program = readFileSync(file, "utf8")
      if (code !== program && !isWriting) {
        differ++
        process.stderr.write(`${guide} has another ${file}: take it over with \`node scripts/examples.ts --write\`\n`)
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
