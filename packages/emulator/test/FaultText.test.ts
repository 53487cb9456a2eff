// The text form of faults.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Fault from "../src/Fault.ts"
import * as FaultText from "../src/FaultText.ts"

// An empty `headers` object has no text form, so parsing omits it.
const withoutNone = (fault: Fault.Fault): Fault.Fault => {
  if (fault.kind !== "status" || Object.keys(fault.headers ?? {}).length > 0) return fault
  const { headers: _, ...rest } = fault
  return rest
}

describe("FaultText", () => {
  it.effect("FaultText round-trips every fault through text and through JSON", () =>
    Effect.gen(function* () {
      const kinds = new Set<string>()
      const result = yield* Arbitrary.checkEffect(
        Arbitrary.schema(Fault.Fault),
        (fault) => {
          kinds.add(fault.kind)
          const text = FaultText.format(fault)
          assert.deepStrictEqual(FaultText.parse(text), Result.succeed(withoutNone(fault)), text)
          assert.deepStrictEqual(Fault.parse(JSON.parse(JSON.stringify(fault))), Result.succeed(fault))
          return Effect.succeed(true)
        },
        { runs: runs(1000, 150), seed: "text" }
      )
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
      assert.deepStrictEqual([...kinds].toSorted(), [...Fault.kinds].toSorted())
    })
  )

  it.effect.each<{ readonly text: string; readonly fault: Fault.Fault }>([
    { text: "status=503 times=2", fault: { kind: "status", status: 503, times: 2 } },
    {
      text: "GET /connections/:id reset=response times=1",
      fault: { method: "GET", path: "/connections/:id", kind: "reset", at: "response", times: 1 }
    },
    {
      text: "POST /connections status=429 retry-after=1 times=20",
      fault: {
        method: "POST",
        path: "/connections",
        kind: "status",
        status: 429,
        headers: { "retry-after": "1" },
        times: 20
      }
    },
    {
      text: " post  /connections   latency=200 jitter=100 ",
      fault: { method: "POST", path: "/connections", kind: "latency", millis: 200, jitter: 100 }
    },
    { text: "outage=5", fault: { kind: "outage", seconds: 5 } },
    { text: "outage=0.5 as=503", fault: { kind: "outage", seconds: 0.5, as: "503" } },
    { text: "html", fault: { kind: "html" } },
    { text: "DELETE stale", fault: { method: "DELETE", kind: "stale" } },
    { text: "/a=b* html", fault: { path: "/a=b*", kind: "html" } },
    {
      text: `status=500 body='{"message":"it''s down"}' header.content-type="text/html; charset=utf-8"`,
      fault: {
        kind: "status",
        status: 500,
        body: `{"message":"it's down"}`,
        headers: { "content-type": "text/html; charset=utf-8" }
      }
    },
    { text: "status=204 body=", fault: { kind: "status", status: 204, body: "" } },
    {
      text: "redirect=https://elsewhere.example/?a=b status=307",
      fault: { kind: "redirect", location: "https://elsewhere.example/?a=b", status: 307 }
    }
  ])("FaultText parses $text", ({ fault, text }) =>
    Effect.sync(() => assert.deepStrictEqual(FaultText.parse(text), Result.succeed(fault)))
  )

  it.effect.each([
    { text: "", expected: /^a kind of fault: one of status, latency/ },
    { text: "get conections html", expected: /^a kind of fault instead of conections: one of/ },
    { text: "GTE /connections html", expected: /^method to be one of GET, POST/ },
    { text: "status=much", expected: /^status to be a whole number from 200 to 599$/ },
    { text: "latency=-1", expected: /^latency to be a whole number of milliseconds/ },
    { text: "reset", expected: /^reset to be one of request, response, body$/ },
    { text: "html=1", expected: /^html without a value$/ },
    { text: "stale times", expected: /^times to have a value, times=…$/ },
    { text: "stale times=1 times=2", expected: /^times once$/ },
    { text: "status=500 retry-after=1 header.retry-after=2", expected: /^header.retry-after once$/ },
    {
      text: "latency=1 jiter=2",
      expected: /^an option of latency instead of jiter: one of method, path, skip, times, latency, jitter$/
    },
    { text: "status=500 body='x", expected: /^all quotes to be closed/ },
    { text: "stale __proto__=1", expected: /^an option of stale instead of __proto__/ },
    { text: "constructor", expected: /^a kind of fault instead of constructor/ }
  ])("FaultText reports the expected input for $text", ({ expected, text }) =>
    Effect.sync(() => assert.match(FaultText.parse(text).pipe(Result.flip, Result.getOrThrow, Fault.explain), expected))
  )
})
