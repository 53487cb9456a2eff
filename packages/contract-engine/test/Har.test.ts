// HTTP archives: what is written can be read, and archives of other programs are read leniently.
import { runs, seed } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Har from "../src/Har.ts"

const creator = { name: "test", version: "1.0.0" }

const bytes = (text: string, size = text.length + 1) =>
  Stream.fromIterable(new TextEncoder().encode(text)).pipe(
    Stream.rechunk(size),
    Stream.mapArray((chunk) => [Uint8Array.from(chunk)])
  )

/** The size of a chunk. */
const Chunk = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 300 }))

const read = (text: string, size?: number) => Stream.runCollect(Har.decode(bytes(text, size)))

const messageFor = (text: string) => Effect.map(Effect.flip(read(text)), ({ message }) => message)

const archiveOf = (entries: ReadonlyArray<unknown>, log: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ log: { version: "1.2", creator, ...log, entries } })

/** Entries as programs write them that omit fields, set fields to null, and add their own fields. */
const foreign = {
  "Chrome, of a blocked request": {
    _initiator: { type: "script" },
    _priority: "High",
    cache: {},
    connection: "443",
    request: { method: "GET", url: "https://a.example/x", headers: [{ name: ":authority", value: "a.example" }] },
    response: {
      status: 0,
      statusText: "",
      headers: [],
      content: { size: 0, mimeType: "x-unknown" },
      _error: "net::ERR_BLOCKED_BY_CLIENT"
    },
    serverIPAddress: "",
    startedDateTime: "2026-11-30T10:00:00.000Z",
    time: 1.5,
    timings: { blocked: 1.5, dns: -1, send: 0, wait: 0, receive: 0 }
  },
  "Firefox, of a cancelled request": {
    startedDateTime: "2026-11-30T10:00:00.000+01:00",
    request: { method: "GET", url: "https://a.example/x", postData: null, headersSize: null },
    response: {},
    cache: {},
    timings: {}
  },
  "mitmproxy, of a binary body": {
    request: { method: "POST", url: "http://a.example/x", postData: { mimeType: "", text: "", params: [] } },
    response: { status: 200, content: { size: 3, mimeType: "image/png", text: "AAEC", encoding: "base64" } },
    timings: { connect: -1, ssl: -1, send: 0.1, receive: 0.2, wait: 3 }
  },
  "Playwright, with an attached body": {
    request: { method: "GET", url: "http://a.example/x", cookies: [{ name: "a", value: "b", expires: "2026" }] },
    response: { status: -1, content: { size: -1, mimeType: "x", _file: "0123.json" } },
    pageref: "page@1"
  }
}

describe("archives", () => {
  it.effect.prop(
    "every archive that is written is JSON in the form of HAR 1.2, and is read unchanged in any chunks",
    { entries: Arbitrary.array(Arbitrary.schema(Har.Entry), { maxLength: 4 }), size: Chunk },
    ({ entries, size }) =>
      Effect.gen(function* () {
        const text = yield* Stream.mkString(Har.encode(Stream.fromIterable(entries), creator))
        const { log }: { readonly log: Readonly<Record<string, unknown>> } = JSON.parse(text)
        assert.deepStrictEqual({ ...log, entries: [] }, { version: "1.2", creator, entries: [] })
        const again = (yield* read(text, size)).map(Result.getOrThrow)
        assert.isTrue(Equal.equals(again, entries))
      }),
    { arbitrary: { runs: runs(200, 30), seed: `archives ${seed}` } }
  )

  it.live.each(Object.entries(foreign))("an entry of %s is read", ([, entry]) =>
    Effect.gen(function* () {
      const [found] = yield* read(archiveOf([entry]))
      assert.isDefined(found)
      const { request, response } = Result.getOrThrow(found)
      assert.match(request.url, /^https?:\/\/a\.example\/x$/)
      assert.include([0, -1, 200], response.status)
    })
  )

  it.live("a malformed entry is reported with the path to its problem, and the other entries are read", () =>
    Effect.gen(function* () {
      const good = { request: { method: "GET", url: "http://a.example" }, response: { status: 200 } }
      const found = yield* read(archiveOf([good, { request: { method: "GET", url: 7 }, response: {} }, 7, good]))
      assert.deepStrictEqual(found.map(Result.isSuccess), [true, false, false, true])
      const [, second, third] = found
      assert.match(messageOf(second), /^request\.url: Expected/)
      assert.match(messageOf(third), /^Expected/)
    })
  )

  it.live(
    "text that is not an archive fails with the reason, and an archive that ends early fails after its entries",
    () =>
      Effect.gen(function* () {
        assert.match(yield* messageFor("{}"), /has no list log\.entries/)
        assert.match(yield* messageFor('{"log":{"entries":{}}}'), /has no list log\.entries/)
        assert.match(yield* messageFor(""), /not valid JSON/)
        assert.match(yield* messageFor("<html>"), /not valid JSON, from character 0 on/)
        const cut = archiveOf([foreign["mitmproxy, of a binary body"], {}]).slice(0, -4)
        let count = 0
        const error = yield* Effect.flip(
          Stream.runForEach(Har.decode(bytes(cut, 16)), () => Effect.sync(() => count++))
        )
        assert.match(error.message, /not valid JSON/)
        assert.strictEqual(count, 1)
      })
  )
})

const messageOf = (found: Result.Result<Har.Entry, Har.MalformedEntry> | undefined) =>
  found !== undefined && Result.isFailure(found) ? found.failure.message : ""
