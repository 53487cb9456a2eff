// All measurements, as the tables that stand in docs/benchmarks.md.
import { availableParallelism, cpus } from "node:os"
import { contract } from "./contract.ts"
import { crawl } from "./crawl.ts"
import { decode } from "./decode.ts"
import { emulator } from "./emulator.ts"
import { memory } from "./memory.ts"

const print = (text: string) => process.stdout.write(`${text}\n`)

print(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}\n`)
print(await decode({ warmUp: 5, counted: 15 }))
print(await crawl({ warmUp: 15, counted: 25 }))
print(await memory(3))
print(await contract(3))
print(await emulator({ warmUp: 5, counted: 15 }))
process.exit()
