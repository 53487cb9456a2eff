// All measurements, or those that are named, as the tables that stand in docs/benchmarks.md.
import { availableParallelism, cpus } from "node:os"
import { call } from "./call.ts"
import { contract } from "./contract.ts"
import { crawl } from "./crawl.ts"
import { decode } from "./decode.ts"
import { emulator } from "./emulator.ts"
import { bulkExport } from "./export.ts"
import { follow } from "./follow.ts"
import { memory } from "./memory.ts"
import { size } from "./size.ts"
import { soak } from "./soak.ts"
import { webhook } from "./webhook.ts"

const print = (text: string) => process.stdout.write(`${text}\n`)

const measurements: Readonly<Record<string, () => Promise<string>>> = {
  decode: () => decode({ warmUp: 5, counted: 15 }),
  call: () => call({ warmUp: 5, counted: 15 }),
  soak,
  crawl: () => crawl({ warmUp: 15, counted: 25 }),
  export: bulkExport,
  memory: () => memory(3),
  contract: () => contract(3),
  emulator: () => emulator({ warmUp: 5, counted: 15 }),
  webhook: () => webhook({ warmUp: 5, counted: 15 }),
  follow: () => follow({ warmUp: 1, counted: 5 }),
  size: () => size({ warmUp: 2, counted: 41 })
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => measurements[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(", ")}; there are ${Object.keys(measurements).join(", ")}.\n`)
  process.exit(2)
}

print(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}\n`)
for (const [name, measure] of Object.entries(measurements)) {
  if (named.length === 0 || named.includes(name)) print(await measure())
}
process.exit()
