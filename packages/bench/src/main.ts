// Runs all measurements, or the named ones, and prints the tables of docs/benchmarks.md as Markdown.
//
//   bench [section …] [--base <revision>] [--commit <revision> …]
//
// `--base` is the revision that `types` and `operations` compare with. `--commit` limits `operations` to some commits.
import { availableParallelism, cpus } from "node:os"
import { parseArgs } from "node:util"
import { call } from "./call.ts"
import { contract } from "./contract.ts"
import { crawl } from "./crawl.ts"
import { decode } from "./decode.ts"
import { emulator } from "./emulator.ts"
import { bulkExport } from "./export.ts"
import { follow } from "./follow.ts"
import * as Measure from "./Measure.ts"
import { memory } from "./memory.ts"
import { operations } from "./operations.ts"
import { session } from "./session.ts"
import { size } from "./size.ts"
import { soak } from "./soak.ts"
import { types } from "./types.ts"
import { webhook } from "./webhook.ts"

const print = (text: string) => process.stdout.write(`${text}\n`)

const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: {
    // The last revision in which client, emulator and command line were written for each operation.
    base: { type: "string", default: "e4277dd" },
    commit: { type: "string", multiple: true, default: [] }
  }
})

const measurements: Readonly<Record<string, () => Promise<string | Measure.Report>>> = {
  decode: () => decode({ warmUp: 5, counted: 15 }),
  call: () => call({ warmUp: 5, counted: 15 }),
  soak,
  crawl: () => crawl({ warmUp: 15, counted: 25 }),
  export: bulkExport,
  memory: () => memory(3),
  contract: () => contract(3),
  emulator: () => emulator({ warmUp: 5, counted: 15 }),
  webhook: () => webhook({ warmUp: 5, counted: 15 }),
  session: () => session({ warmUp: 5, counted: 15 }),
  follow: () => follow({ warmUp: 1, counted: 5 }),
  size: () => size({ warmUp: 2, counted: 41 }),
  types: () => types(values.base, { warmUp: 1, counted: 3 }),
  operations: async () => operations(values.base, values.commit)
}

const unknown = named.filter((name) => measurements[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`Unknown section ${unknown.join(", ")}. Sections: ${Object.keys(measurements).join(", ")}.\n`)
  process.exit(2)
}

print(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}\n`)
const targets: Array<Measure.Target> = []
for (const [name, measure] of Object.entries(measurements)) {
  if (named.length > 0 && !named.includes(name)) continue
  const report = await measure()
  print(typeof report === "string" ? report : report.tables.join("\n"))
  if (typeof report !== "string") targets.push(...report.targets)
}
if (targets.length > 0) print(Measure.targetTable(targets))
process.exit()
