// The judgement of recorded traffic: which entries are judged, and what the report contains.
import { assert, describe, it } from "@effect/vitest"
import * as Base64 from "effect/encoding/Base64"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { gunzipSync, gzipSync } from "node:zlib"
import * as Har from "../src/Har.ts"
import * as Traffic from "../src/Traffic.ts"
import { suite } from "./notes/NotesApi.ts"
import { notesOf } from "./notes/server.ts"

const notes = notesOf(4)
const [note] = notes

interface Change {
  readonly method?: string
  readonly url?: string
  readonly request?: object
  readonly status?: number
  readonly headers?: ReadonlyArray<Har.Pair>
  readonly content?: object
}

/** The entry of a conforming exchange, with changes. */
const entryOf = ({
  content,
  headers,
  method = "GET",
  request,
  status = 200,
  url = `/notes/${note?.id}`
}: Change = {}) =>
  Schema.decodeUnknownSync(Har.Entry)({
    request: { method, url: url.startsWith("/") ? `http://notes.test${url}` : url, ...request },
    response: {
      status,
      headers: headers ?? [{ name: "Content-Type", value: "application/json" }],
      content: content ?? { mimeType: "application/json", text: JSON.stringify(note) }
    }
  })

const verify = (entries: ReadonlyArray<Har.Entry>, settings: Traffic.Settings = {}) =>
  Traffic.verify(suite, Stream.fromIterable(entries.map((entry) => Result.succeed(entry))), {
    target: "notes.har",
    ...settings
  })

const gzipped = {
  mimeType: "application/json",
  encoding: "base64",
  text: Base64.encode(gzipSync(JSON.stringify(note)))
}
const compressed = [
  { name: "content-type", value: "application/json" },
  { name: "content-encoding", value: "gzip" }
]

const ignored: ReadonlyArray<readonly [what: string, reason: Traffic.Ignored, change: Change]> = [
  ["a request for an undocumented path", "foreign", { url: "/app.js" }],
  ["a request with an undocumented method", "foreign", { method: "OPTIONS" }],
  ["a request whose URL is malformed", "foreign", { url: "about:blank" }],
  ["a blocked request", "no-response", { status: 0, headers: [] }],
  ["a failed request of Playwright", "no-response", { status: -1 }],
  ["a response from a cache", "not-modified", { status: 304 }],
  ["a 429", "rate-limited", { status: 429 }],
  ["a response without recorded headers", "incomplete", { headers: [] }],
  ["a response without a recorded body", "incomplete", { content: { size: 80, mimeType: "application/json" } }],
  ["a body in invalid base64", "incomplete", { content: { mimeType: "", encoding: "base64", text: "?" } }]
]

describe("recorded traffic", () => {
  it.live("a conforming exchange passes, whether its body is recorded as text, as base64 or compressed", () =>
    Effect.gen(function* () {
      const encoded = { mimeType: "application/json", encoding: "base64", text: Base64.encode(JSON.stringify(note)) }
      const entries = [entryOf(), entryOf({ content: encoded }), entryOf({ content: gzipped, headers: compressed })]
      const { counts, report } = yield* verify(entries, {
        decodeBody: ([bytes = new Uint8Array()], encoding) =>
          Result.succeed(new TextDecoder().decode(encoding === "gzip" ? gunzipSync(bytes) : bytes))
      })
      assert.strictEqual(counts.judged, 3)
      assert.strictEqual(report.summary.failed + report.summary.drift, 0)
      const body = report.results.find(({ law }) => law === "responses/body")
      assert.deepInclude(body, { operation: "notes.get", status: "passed", runs: 3 })
      assert.deepStrictEqual([...new Set(report.results.map(({ operation }) => operation))], ["notes.get"])
    })
  )

  it.live.each(ignored)("%s counts as %s and is not judged", ([, reason, change]) =>
    Effect.gen(function* () {
      const { counts, report } = yield* verify([entryOf(change)])
      assert.deepStrictEqual(counts, { ...Traffic.empty.counts, [reason]: 1 })
      assert.deepStrictEqual(report.results, [])
    })
  )

  it.live("the settings select operations and laws", () =>
    Effect.gen(function* () {
      const { counts } = yield* verify([entryOf()], { operations: ["notes.list"] })
      assert.deepStrictEqual(counts, { ...Traffic.empty.counts, unselected: 1 })
      const { report } = yield* verify([entryOf()], { laws: ["responses/body"] })
      assert.deepStrictEqual(
        report.results.map(({ law }) => law),
        ["responses/body"]
      )
    })
  )

  it.live("only requests to the base URL are judged, and its path is not part of the path of the operation", () =>
    Effect.gen(function* () {
      const urls = [
        "https://gateway.test/api/notes/",
        "https://gateway.test/api",
        "https://gateway.test/apinotes/",
        "https://other.test/api/notes/"
      ].map((url) => `${url}${note?.id}`)
      const entries = urls.map((url) => entryOf({ url, content: { mimeType: "", text: "{}" } }))
      const { counts, report } = yield* verify(entries, { baseUrl: "https://gateway.test/api/" })
      assert.deepInclude(counts, { judged: 1, foreign: 3 })
      const failure = report.results.find(({ law }) => law === "responses/body")
      assert.strictEqual(failure?.counterexample?.curl, `curl '${urls[0]}'`)
    })
  )

  it.live("a failure shows the smallest response, its position, and neither keys nor tokens of the traffic", () =>
    Effect.gen(function* () {
      const text = (length: number) => JSON.stringify({ ...note, text: "x".repeat(length), edited: "yesterday" })
      const request = { headers: [{ name: "X-Api-Key", value: "notes_live_q8Xw1" }] }
      const entries = [9, 3, 5].map((length) =>
        entryOf({
          request,
          url: `/notes/${note?.id}?access_token=0123456789`,
          content: { mimeType: "application/json", text: text(length) }
        })
      )
      const { report } = yield* verify([entryOf(), ...entries], {
        laws: ["responses/timestamps"],
        credentials: { header: "x-api-key", shown: "$NOTES_KEY" },
        replay: ({ law, position }) => `${law} in entry ${position}`
      })
      const [result] = report.results
      assert.isDefined(result)
      assert.isDefined(result.counterexample)
      assert.deepInclude(result, { law: "responses/timestamps", status: "failed", runs: 4 })
      assert.strictEqual(result.counterexample.replay, "responses/timestamps in entry 3")
      assert.strictEqual(
        result.counterexample.curl,
        `curl -H "x-api-key: $NOTES_KEY" 'http://notes.test/notes/${note?.id}?access_token=REDACTED'`
      )
      assert.notInclude(JSON.stringify(report), "0123456789")
      assert.notInclude(JSON.stringify(report), "notes_live")
    })
  )

  it.live("each law is reported once while entries are judged one by one", () =>
    Effect.sync(() => {
      const judge = Traffic.makeJudge(suite)
      const broken = entryOf({ content: { mimeType: "application/json", text: "{}" } })
      const [first, violations] = judge(Traffic.empty, broken)
      assert.deepStrictEqual(
        violations.map(({ law, operation, status }) => [law, operation, status]),
        [["responses/body", "notes.get", "failed"]]
      )
      assert.deepStrictEqual(judge(first, broken)[1], [])
    })
  )
})
