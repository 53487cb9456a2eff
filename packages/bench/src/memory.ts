// What an export holds in memory: the peak of the command line's own process, for few rows and for many.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Measure from "./Measure.ts"
import * as PagesServer from "./PagesServer.ts"

const bin = fileURLToPath(new URL("../../cli/src/bin.ts", import.meta.url))

// In megabytes, as Linux remembers it.
const peakOf = (pid: number | undefined): number => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8")
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const peak = async (rows: number): Promise<number> => {
  const server = await PagesServer.start(rows)
  const folder = mkdtempSync(join(tmpdir(), "effect-workos-bench-"))
  const child = spawn(bin, ["export", "connections", "--output", join(folder, "rows.ndjson")], {
    env: { ...process.env, WORKOS_API_KEY: "sk_test_bench", WORKOS_BASE_URL: server.url.href },
    stdio: "ignore"
  })
  let highest = 0
  const watching = setInterval(() => (highest = Math.max(highest, peakOf(child.pid))), 10)
  const [code]: ReadonlyArray<unknown> = await once(child, "exit")
  clearInterval(watching)
  server.close()
  rmSync(folder, { recursive: true })
  if (code !== 0) throw new Error(`the export ended with ${String(code)}`)
  return highest
}

const megabytes = (value: number) => `${value.toFixed(0)} MB`

export const memory = async (counted: number): Promise<string> => {
  const few: Array<number> = []
  const many: Array<number> = []
  for (let round = 0; round < counted; round++) {
    few.push(await peak(2000))
    many.push(await peak(200_000))
  }
  return Measure.table(
    ["`effect-workos export connections`", "peak memory", "ratio"],
    [
      ["2,000 rows", megabytes(Measure.median(few)), "1.00"],
      ["200,000 rows", megabytes(Measure.median(many)), (Measure.median(many) / Measure.median(few)).toFixed(2)]
    ]
  )
}
