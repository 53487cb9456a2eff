// Holds WorkOS's own emulator to WorkOS's documentation, and writes down what it finds: docs/workos-emulator.md.
//
//   pnpm verify:workos-emulator
//
// The emulator is the one inside the npm package `workos`. It is installed in a folder of its own, without running its
// scripts: 300 MB, which nothing here depends on. Its data is made anew with each start, so ids and instants differ.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Contract from "@effect-workos/contract/Contract"
import type { Result } from "@effect-workos/contract/Result"
import * as Target from "@effect-workos/contract/Target"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Html from "@effect-workos/contract/report/Html"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as Page from "./Page.ts"

const version = "0.14.0"
const seed = 1
const runs = 40

// Rows are stamped with the clock as they are inserted, one after the other from an iterator; one that waits a moment
// before each keeps them apart, so that their order is known.
const server = `
import { createEmulator } from "workos/emulate"
const types = ["OktaSAML", "GenericSAML", "AzureSAML", "GoogleOAuth", "ADFSSAML", "GenericOIDC", "GitHubOAuth", "MicrosoftOAuth"]
const names = ["Acme", "Contoso", "Fabrikam", "Globex", "Hooli", "Initech", "Northwind", "Vandelay"]
const organizations = Array.from({ length: 24 }, (_, i) => ({ name: names[i % 8] + " " + (i + 1) }))
const connections = Array.from({ length: 220 }, (_, i) => ({
  name: organizations[(i * 7) % 24].name + " Connection " + (i + 1),
  organization: organizations[(i * 7) % 24].name,
  connection_type: types[i % types.length],
  state: i % 3 === 2 ? "inactive" : "active",
  domains: i % 5 === 4 ? [] : ["company-" + ((i * 7) % 24) + ".example", ...(i % 5 === 3 ? ["mail-" + i + ".example"] : [])]
}))
connections[Symbol.iterator] = function* () {
  for (let i = 0; i < this.length; i++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    yield this[i]
  }
}
const emulator = await createEmulator({ port: 0, seed: { organizations, connections } })
console.log(JSON.stringify({ url: emulator.url, key: emulator.apiKey }))
process.on("disconnect", () => process.exit())
`

const folder = process.argv[2] ?? join(tmpdir(), `workos-${version}`)
mkdirSync(folder, { recursive: true })
if (!existsSync(join(folder, "node_modules", "workos"))) {
  process.stderr.write(`Installing workos@${version} in ${folder}: 300 MB.\n`)
  execFileSync(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, `workos@${version}`],
    {
      stdio: "inherit"
    }
  )
}
writeFileSync(join(folder, "server.mjs"), server)

const child = spawn(process.execPath, [join(folder, "server.mjs")], { stdio: ["ignore", "pipe", "inherit", "ipc"] })
if (child.stdout === null) throw new Error("The emulator has no output.")
const [line]: ReadonlyArray<unknown> = await once(createInterface({ input: child.stdout }), "line")
const { key, url }: { readonly key: string; readonly url: string } = JSON.parse(String(line))

const target = Target.layer({ baseUrl: url, credentials: Target.bearer(Redacted.make(key), "WORKOS_API_KEY") }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)
// It answers 999 requests a minute, and then 429.
const report = await Effect.runPromise(
  Effect.provide(
    Contract.verify(
      WorkOs.suite,
      { seed, runs, writes: true, maxRate: 900, timeBudget: "15 minutes" },
      ({ law, operation, status }) =>
        Effect.sync(() => process.stderr.write(`${status.padEnd(8)}${law} ${operation}\n`))
    ),
    target
  )
)

// What a person sees who pastes the lines: run by a shell, with `curl`.
const printed = new Map<Result, string>()
for (const result of report.results) {
  if (result.counterexample === undefined) continue
  const lines = result.counterexample.curl.split("\n").map((line) => `${line} -s -w '\\nstatus %{http_code}'`)
  const output = execFileSync("sh", ["-c", lines.join("; echo; ")], {
    env: { ...process.env, WORKOS_API_KEY: key },
    encoding: "utf8"
  })
  const [status, ...body] = output.trimEnd().split("\n").toReversed()
  printed.set(result, `${status}: ${body[0] ?? ""}`)
}
child.disconnect()

const ofStatus = (status: Result["status"]) => report.results.filter((result) => result.status === status)

// Several operations break one law in one way: they are told together.
const byLaw = (results: ReadonlyArray<Result>) => [...Map.groupBy(results, ({ law }) => law)]

const shown = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 300)}…`)

const section = ([law, results]: readonly [string, ReadonlyArray<Result>]): string => {
  const [first] = results
  if (first?.counterexample === undefined) return ""
  const { counterexample, message, sentence, source } = first
  const origin = source.kind === "documented" ? "Documented" : "Follows from"
  return [
    `### \`${law}\``,
    `${sentence} (${results.map(({ operation }) => `\`${operation}\``).join(", ")})`,
    `${origin}: ${source.text}${source.url === undefined ? "" : ` [Reference](${source.url})`}`,
    `Found: ${message.replaceAll("|", "\\|")}`,
    `\`\`\`sh\n${counterexample.curl.replaceAll(url, "$WORKOS_BASE_URL").replaceAll("'$WORKOS_BASE_URL", '"$WORKOS_BASE_URL"\'')}\n\`\`\``,
    `\`\`\`text\nexpected  ${shown(counterexample.expected)}\nactual    ${shown(counterexample.actual)}\ncurl      ${shown(printed.get(first) ?? "")}\n\`\`\``
  ].join("\n\n")
}

const { drift, failed, passed, skipped } = report.summary
const document = [
  "# WorkOS's own emulator, held to WorkOS's documentation",
  `Written by \`npx -y pnpm@12 verify:workos-emulator\`: the whole suite, with \`--writes\`, seed ${seed} and ${runs} runs a law, against the emulator inside the npm package [\`workos\`](https://www.npmjs.com/package/workos) ${version}, on ${report.startedAt.slice(0, 10)}. ${report.requests.toLocaleString("en-US")} requests; ${passed} checks hold, ${failed} do not, ${drift} show drift, ${skipped} could not be exercised.`,
  "Where WorkOS's documentation says nothing, the suite says nothing. Where a law follows from a sentence, rather than being one, it says so: “Follows from”. `curl` is what the last of the lines printed, run by a shell after the suite was done.",
  "## What does not hold",
  ...byLaw(ofStatus("failed")).map(section),
  "## Drift",
  ...byLaw(ofStatus("drift")).map(section),
  "## What could not be exercised",
  ofStatus("skipped").length === 0
    ? "Nothing."
    : ofStatus("skipped")
        .map(({ law, message, operation }) => `- \`${law}\` \`${operation}\`: ${message}`)
        .join("\n"),
  "## What holds",
  byLaw(ofStatus("passed"))
    .map(
      ([law, results]) =>
        `- \`${law}\`: ${results.map(({ operation, requests }) => `${operation} (${requests})`).join(", ")}`
    )
    .join("\n"),
  "The numbers are answers that stand behind each verdict.",
  ""
].join("\n\n")
Page.write("docs/workos-emulator.md", document, { command: "verify:workos-emulator", source: "the answers" })
// What `pnpm pictures` makes pictures of.
mkdirSync("out", { recursive: true })
writeFileSync("out/workos-emulator.html", Html.render(report))
process.stderr.write(`docs/workos-emulator.md: ${failed} failed, ${drift} drift.\n`)
process.exit()
