// Matching of faults with requests.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import * as Faults from "../src/Faults.ts"
import type { Fault } from "../src/Fault.ts"
import { base, LayerStore, start } from "./faults-fetch.ts"

const methods = Schema.Literals(["GET", "POST", "DELETE"])
const small = Schema.Literals([0, 1, 2, 3])

const Where = Schema.Struct({
  method: Schema.optionalKey(methods),
  path: Schema.optionalKey(
    Schema.Literals(["/a", "/a/:id", "/:any/b", "/a/*", "/a*", "/*", "/a/b?x", "/a.b", "/:a/:b"])
  ),
  skip: Schema.optionalKey(small),
  times: Schema.optionalKey(small),
  isLatency: Schema.Boolean
})

const Case = Schema.Struct({
  faults: Schema.Array(Where).check(Schema.isMaxLength(5)),
  requests: Schema.Array(
    Schema.Struct({ method: methods, path: Schema.Literals(["/a", "/a/b", "/b/b", "/a/b/c", "/ab", "/a.b", "/axb"]) })
  ).check(Schema.isMaxLength(12))
})

const fits: Readonly<Record<string, ReadonlyArray<string>>> = {
  "/a": ["/a"],
  "/a/:id": ["/a/b"],
  "/:any/b": ["/a/b", "/b/b"],
  "/a/*": ["/a/b", "/a/b/c"],
  "/a*": ["/a", "/a/b", "/a/b/c", "/ab", "/a.b", "/axb"],
  "/*": ["/a", "/a/b", "/b/b", "/a/b/c", "/ab", "/a.b", "/axb"],
  "/a.b": ["/a.b"],
  "/:a/:b": ["/a/b", "/b/b"]
}

// A simple model of matching: the indexes of the faults of each request.
const expected = ({ faults, requests }: typeof Case.Type) => {
  const matched = faults.map(() => 0)
  return requests.map((request) => {
    const met: Array<number> = []
    for (const [index, { isLatency, method, path, skip = 0, times = Infinity }] of faults.entries()) {
      if (method !== undefined && method !== request.method) continue
      if (path !== undefined && fits[path]?.includes(request.path) !== true) continue
      const place = matched[index]!
      if (place >= skip + times) continue
      matched[index] = place + 1
      if (place < skip) continue
      met.push(index)
      if (!isLatency) break
    }
    return met
  })
}

describe("Faults", () => {
  it.effect("Faults match the documented requests: the first in order, and every latency before it", () =>
    Effect.gen(function* () {
      const check = Effect.fnUntraced(function* (one: typeof Case.Type) {
        const faults = yield* Faults.make(
          one.faults.map(({ isLatency, ...where }, index): Fault =>
            isLatency ? { ...where, kind: "latency", millis: index } : { ...where, kind: "trickle", millis: index }
          )
        )
        const met: Array<ReadonlyArray<number>> = []
        for (const { method, path } of one.requests) {
          const request = HttpServerRequest.fromWeb(new Request(`${base}${path}?limit=1`, { method }))
          met.push((yield* faults.match(request)).map((fault) => ("millis" in fault ? fault.millis : -1)))
        }
        const model = expected(one)
        assert.deepStrictEqual(met, model)
        assert.deepStrictEqual(
          (yield* faults.list).map(({ matched }) => matched),
          one.faults.map((_, index) => model.flat().filter((place) => place === index).length)
        )
        return true
      })
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Case), check, {
        runs: runs(400, 100),
        seed: "faults"
      })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )

  it.effect("Removed faults no longer match", () =>
    Effect.gen(function* () {
      const { send, faults } = yield* start([{ kind: "status", status: 500 }])
      const { id } = yield* faults.add({ kind: "status", status: 501 })
      const [first] = yield* faults.list
      assert.isTrue(yield* faults.remove(first?.id ?? ""))
      assert.isFalse(yield* faults.remove(first?.id ?? ""))
      assert.strictEqual((yield* send("/connections")).status, 501)
      assert.deepStrictEqual(yield* faults.list, [{ id, matched: 1, fault: { kind: "status", status: 501 } }])
      yield* faults.clear
      assert.strictEqual((yield* send("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )
})
