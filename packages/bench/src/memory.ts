// Peak memory of `effect-workos export` as a process, for few rows and for many.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Client from "./Client.ts"
import * as Folder from "./Folder.ts"
import * as ListServer from "./ListServer.ts"
import * as Measure from "./Measure.ts"

const bin = fileURLToPath(new URL("../../cli/src/bin.ts", import.meta.url))

// The peak resident memory of a process in megabytes, as recorded by Linux.
const peakOf = (pid: number | undefined): number => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8")
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const peak = (rows: number): Promise<number> =>
  Folder.temporary(async (file) => {
    const server = await ListServer.start({ rows })
    const child = spawn(
      process.execPath,
      ["--max-semi-space-size=4", bin, "export", "connections", "--output", file("rows.ndjson")],
      {
        env: {
          ...process.env,
          WORKOS_API_KEY: Client.key,
          WORKOS_BASE_URL: server.url.href,
          WORKOS_RATE_LIMIT: "unlimited"
        },
        stdio: "ignore"
      }
    )
    let highest = 0
    const watching = setInterval(() => (highest = Math.max(highest, peakOf(child.pid))), 10)
    const [code]: ReadonlyArray<unknown> = await once(child, "exit")
    clearInterval(watching)
    server.close()
    if (code !== 0) throw new Error(`The export exited with code ${String(code)}.`)
    return highest
  })

const few = 10_000
const many = 1_000_000

export const memory = async (counted: number): Promise<string> => {
  const peaks = { few: Array.of<number>(), many: Array.of<number>() }
  for (let round = 0; round < counted; round++) {
    peaks.few.push(await peak(few))
    peaks.many.push(await peak(many))
  }
  const baseline = Measure.median(peaks.few)
  const row = (rows: number, values: ReadonlyArray<number>) => [
    `${rows.toLocaleString("en-US")} rows`,
    `${Measure.median(values).toFixed(0)} MB`,
    (Measure.median(values) / baseline).toFixed(2)
  ]
  return Measure.table(
    ["`effect-workos export connections`", "peak memory", "ratio"],
    [row(few, peaks.few), row(many, peaks.many)]
  )
}
