// Verifies WorkOS's own emulator against the WorkOS documentation and writes docs/workos-emulator.md.
//
//   pnpm verify:workos-emulator
//
// The emulator is the one in the npm package `workos`. It is installed in a separate folder (300 MB) without running
// its scripts. Its data is new at each start, so ids and timestamps differ.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Contract from "@effect-workos/contract-engine/Contract"
import type { Result } from "@effect-workos/contract-engine/Result"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Html from "@effect-workos/contract-engine/report/Html"
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

// Rows get the current time when inserted. An iterator that waits before each row makes the timestamps distinct.
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

const target = WorkOs.layerTarget({ baseUrl: url, apiKey: Redacted.make(key) }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)
// The emulator returns 429 after 999 requests per minute.
const report = await Effect.runPromise(
  Effect.provide(
    Contract.verify(
      WorkOs.suite,
      { seed, runs, writes: true, maxRate: 900, timeBudget: "15 minutes" },
      {
        onResult: ({ law, operation, status }) =>
          Effect.sync(() => process.stderr.write(`${status.padEnd(8)}${law} ${operation}\n`))
      }
    ),
    target
  )
)

// The output of the counterexamples, run by a shell with `curl`.
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

// Several operations often fail a law for the same reason, so they are reported together.
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
  "# Verification of WorkOS's own emulator",
  `Generated by \`npx -y pnpm@12 verify:workos-emulator\`: the whole suite with \`--writes --seed ${seed} --runs ${runs}\`, against the emulator in the npm package [\`workos\`](https://www.npmjs.com/package/workos) ${version}, on ${report.startedAt.slice(0, 10)}. ${report.requests.toLocaleString("en-US")} requests; ${passed} checks passed, ${failed} failed, ${drift} showed drift, ${skipped} were skipped.`,
  "The suite checks only rules that the WorkOS documentation states, or that follow from it. “Documented” marks the first kind, and “Follows from” the second. `curl` is the output of the last command, which a shell ran after the suite. The suite had deleted its resources by then, so this output can differ from `actual`.",
  "## Failed",
  ...byLaw(ofStatus("failed")).map(section),
  "## Drift",
  ...byLaw(ofStatus("drift")).map(section),
  "## Skipped",
  ofStatus("skipped").length === 0
    ? "None."
    : ofStatus("skipped")
        .map(({ law, message, operation }) => `- \`${law}\` \`${operation}\`: ${message}`)
        .join("\n"),
  "## Passed",
  "The numbers are the responses that each result is based on.",
  byLaw(ofStatus("passed"))
    .map(
      ([law, results]) =>
        `- \`${law}\`: ${results.map(({ operation, requests }) => `${operation} (${requests})`).join(", ")}`
    )
    .join("\n"),
  ""
].join("\n\n")
Page.write("docs/workos-emulator.md", document, { command: "verify:workos-emulator", source: "the responses" })
// The input of `pnpm pictures`.
mkdirSync("out", { recursive: true })
writeFileSync("out/workos-emulator.html", Html.render(report))
process.stderr.write(`docs/workos-emulator.md: ${failed} failed, ${drift} drift.\n`)
process.exit()
