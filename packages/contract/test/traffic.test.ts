// Recorded traffic: the laws that need no further requests, applied to archives of the emulator and its mutants.
import { sampleOfEach } from "@effect-workos/testing/Sample"
import { linesOf } from "@effect-workos/testing/Results"
import { assert, describe, it } from "@effect/vitest"
import { isRow } from "@effect-workos/contract-engine/ApiConventions"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Har from "@effect-workos/contract-engine/Har"
import type { Attempt, Exchange } from "@effect-workos/contract-engine/Exchange"
import * as Recording from "@effect-workos/contract-engine/Recording"
import type { Report } from "@effect-workos/contract-engine/Report"
import * as Target from "@effect-workos/contract-engine/Target"
import * as Traffic from "@effect-workos/contract-engine/Traffic"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as WorkOs from "../src/WorkOs.ts"
import { emulated, smallStore } from "./engine/running.ts"
import { catalogue } from "./mutants/catalogue.ts"
import type { Mutant } from "./mutants/Mutant.ts"
import type { ProbeResponse } from "./mutants/Probe.ts"

const { suite } = WorkOs
const key = Redacted.value(Emulator.defaultApiKey)
const creator: Har.Creator = { name: "test", version: "1" }
const seed = Effect.runSync(Effect.cached(Effect.orDie(Seed.make({ connections: 250, organizations: 12, seed: 7 }))))
const keys = Effect.runSync(Keys.make)

const pairs = (headers: Headers) => [...headers].map(([name, value]) => ({ name, value }))

/** Sends a request, and returns the exchange as a browser records it: without the fields that the laws do not need. */
const record = async (fetch: typeof globalThis.fetch, request: Request) => {
  const { headers, method, url } = request
  const body = await request.clone().text()
  const response = await fetch(request)
  const text = await response.text()
  return {
    response,
    text,
    entry: {
      _initiator: { type: "script" },
      request: {
        method,
        url,
        headers: pairs(headers),
        ...(body === "" ? {} : { postData: { mimeType: headers.get("content-type"), text: body } })
      },
      response: {
        status: response.status,
        headers: pairs(response.headers),
        content: { mimeType: response.headers.get("content-type"), text }
      }
    }
  }
}

/** The report on the archive of the requests that reveal a mutant. */
const judge = Effect.fnUntraced(function* ({ mutate, shows }: Pick<Mutant, "mutate" | "shows">) {
  const store = yield* Store.make(yield* seed)
  const fetch = mutate(yield* Effect.provideService(Emulator.fetch({ keys }), Store.Store, store), store)
  const entries: Array<unknown> = []
  const earlier: Array<ProbeResponse> = []
  for (const probe of shows(store)) {
    const request = typeof probe === "function" ? probe(earlier) : probe
    const { entry, response, text } = yield* Effect.promise(() => record(fetch, request))
    entries.push(entry)
    earlier.push({ status: response.status, headers: Object.fromEntries(response.headers), body: text, id: "" })
  }
  const archive = Stream.make(new TextEncoder().encode(JSON.stringify({ log: { version: "1.2", entries } })))
  return yield* Traffic.verify(suite, Har.decode(archive), { target: "test.har", baseUrl: "http://workos.test" })
})

const failuresOf = ({ report }: { readonly report: Report }) => [
  ...linesOf(report, "failed"),
  ...linesOf(report, "drift")
]

/** Laws that compare pages in addition to single pages, which some of their mutants do not change. */
const comparing = ["lists/complete", "lists/cursors-end", "lists/first-page"]

const visible = catalogue.filter(
  ({ law }) => !comparing.includes(law) && suite.laws.some(({ id, response }) => id === law && response !== undefined)
)

describe("traffic of mutants", () => {
  it.live.each(sampleOfEach(visible, ({ law }) => law))("an archive of `$id` fails `$law`", (mutant) =>
    Effect.gen(function* () {
      const { report } = yield* judge(mutant)
      assert.include(
        report.results.filter(({ counterexample }) => counterexample !== undefined).map(({ law }) => law),
        mutant.law
      )
      assert.deepStrictEqual(failuresOf(yield* judge({ ...mutant, mutate: (fetch) => fetch })), [])
      for (const { counterexample } of report.results) assert.notInclude(JSON.stringify(counterexample ?? ""), key)
    })
  )
})

describe("recorded runs", () => {
  it.live("the archive of a run against a conforming server passes, and contains no key, code or token", () =>
    Effect.gen(function* () {
      const target = yield* Target.Target
      const attempts: Array<Har.Entry> = []
      const secrets = new Set<string>([key])
      const onAttempt = (attempt: Attempt) => {
        if ("exchange" in attempt) for (const secret of secretsIn(attempt.exchange)) secrets.add(secret)
        return Effect.map(Recording.toEntry(attempt, target), (entry) => void attempts.push(entry))
      }
      const settings = {
        runs: 1,
        writes: true,
        clientId: Clients.defaultClientId,
        laws: ["responses/body", "lists/limit", "input/limit", "input/enum"]
      }
      const run = yield* Contract.verify(suite, settings, { onAttempt })
      // The deletions at the end of the run are recorded too.
      assert.isAtLeast(attempts.length, run.requests)
      assert.isAbove(secrets.size, 3)
      const text = yield* Stream.mkString(Har.encode(Stream.fromIterable(attempts), creator))
      for (const secret of secrets) assert.notInclude(text, secret)
      const archive = Har.decode(Stream.make(new TextEncoder().encode(text)))
      const { counts, report } = yield* Traffic.verify(suite, archive, { target: "run.har" })
      assert.deepStrictEqual(failuresOf({ report }), [])
      // Probes request a path that no operation has.
      const documented = attempts.filter(({ request: { url } }) => !url.includes("no-such-path"))
      assert.strictEqual(counts.judged, documented.length)
      // Probes also request operations on which no selected law is checked.
      assert.includeMembers(
        report.results.map(({ operation }) => operation),
        run.results.filter(({ requests }) => requests > 0).map(({ operation }) => operation)
      )
    }).pipe(Effect.provide(emulated()), Effect.provideServiceEffect(Store.Store, smallStore(12)))
  )
})

/** The codes, tokens and links of an exchange with the emulator. */
const secretsIn = ({ response }: Exchange): ReadonlyArray<string> => {
  const code = new URL(response.headers["location"] ?? "http://localhost").searchParams.get("code")
  const { access_token: accessToken, link } = isRow(response.json) ? response.json : {}
  return [code, accessToken, typeof link === "string" ? new URL(link).searchParams.get("token") : undefined].filter(
    (secret) => typeof secret === "string"
  )
}
