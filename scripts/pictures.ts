// Makes the pictures in README.md: the command line in a terminal, and the report on WorkOS's emulator.
//
//   pnpm pictures
//
// The pictures show real output of the commands, which run in a pseudo-terminal and need python3. The report is a file in
// `out` that `pnpm verify:workos-emulator` has written. Without this file or without Chromium, the pictures of the report do
// not change.
import * as Store from "@effect-workos/emulator/Store"
import * as Chromium from "@effect-workos/testing/Chromium"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { serve } from "../packages/cli/src/commands/emulate.ts"
import { record } from "./pictures/record.ts"
import * as Screen from "./pictures/screen.ts"
import * as Svg from "./pictures/svg.ts"

const folder = "docs/images"
const bin = resolve("packages/cli/src/bin.ts")

/** The minimum time between two frames, in milliseconds. Shorter frames are not visible. */
const step = 150

// Runs commands in sequence, and records the terminal with the typed commands and their output.
const session = async (
  commands: ReadonlyArray<ReadonlyArray<string>>,
  columns: number,
  env: NodeJS.ProcessEnv
): Promise<ReadonlyArray<Svg.Frame>> => {
  const cwd = mkdtempSync(join(tmpdir(), "pictures-"))
  const screen = Screen.make(columns)
  const frames: Array<Svg.Frame> = []
  let now = 0
  const show = () => {
    const last = frames.at(-1)
    if (last !== undefined && now - last.at < step) frames.pop()
    frames.push({ at: last !== undefined && now - last.at < step ? last.at : now, lines: screen.shown() })
  }
  for (const command of commands) {
    screen.write(`${now === 0 ? "" : "\r\n"}$ effect-workos ${command.join(" ")}\r\n`)
    show()
    const begun = now + 600
    const argv = ["env", "-C", cwd, process.execPath, bin, ...command]
    const written = await record(argv, { columns, rows: 40, env })
    // The recording leaves out the start of Node.
    const first = written[0]?.at ?? 0
    for (const { at, text } of written) {
      now = begun + at - first
      screen.write(text)
      show()
    }
    now += 1500
  }
  rmSync(cwd, { recursive: true })
  return frames
}

const write = (name: string, frames: ReadonlyArray<Svg.Frame>, columns: number, title: string) => {
  writeFileSync(`${folder}/${name}.svg`, Svg.render(frames, columns, Svg.light, title))
  writeFileSync(`${folder}/${name}-dark.svg`, Svg.render(frames, columns, Svg.dark, title))
}

const emulated = <A>(latency: number, connections: number, use: (env: NodeJS.ProcessEnv) => Promise<A>) =>
  Effect.gen(function* () {
    const store = yield* Store.seeded({ connections, organizations: 100, seed: 1 })
    const url = yield* serve({ port: 0, store, emulator: { latency } })
    return yield* Effect.promise(() =>
      use({ WORKOS_BASE_URL: url, WORKOS_API_KEY: "sk_test_emulator", WORKOS_CLIENT_ID: "client_emulator" })
    )
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise)

const exporting = await emulated(120, 5000, (env) =>
  session(
    [
      ["connections", "list", "--limit", "5"],
      ["export", "connections", "--output", "connections.ndjson"],
      ["export", "connections", "--output", "connections.ndjson"]
    ],
    100,
    env
  )
)
write(
  "terminal",
  exporting,
  100,
  "A list of connections, and two exports of 5,000 connections. The second export shows the total number of rows."
)

const verifying = await emulated(0, 60, (env) => session([["verify", "--writes", "--runs", "20"]], 100, env))
write("terminal-verify", verifying.slice(-1), 100, "The result of the contract suite: all checks passed")

const report = "out/workos-emulator.html"
if (existsSync(report) && Chromium.executable !== undefined) {
  const html = readFileSync(report, "utf8")
  process.stderr.write(`${report}: ${/<title>(.*?)<\/title>/s.exec(html)?.[1] ?? ""}\n`)
  await Effect.gen(function* () {
    const { open } = yield* Chromium.Chromium
    for (const [name, colorScheme] of [
      ["contract-report", "light"],
      ["contract-report-dark", "dark"],
      ["contract-report-failure", "light"]
    ] as const) {
      const context = yield* open({ colorScheme, viewport: { width: 1200, height: 640 } })
      yield* Effect.promise(async () => {
        const page = await context.newPage()
        await page.goto(pathToFileURL(report).href)
        if (name === "contract-report-failure") {
          const finding = page.locator("details", { hasText: "lists/back-and-forth" }).first()
          await finding.locator("summary").click()
          await finding.evaluate((element) => {
            window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 90)
          })
        }
        await page.screenshot({ path: `${folder}/${name}.png` })
      })
    }
  }).pipe(Effect.scoped, Effect.provide(Chromium.Chromium.layer), Effect.runPromise)
}
