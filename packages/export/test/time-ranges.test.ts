// Exports of time ranges. WorkOS documents that `range_start` and `after` exclude each other.
import { assert, describe, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Crawl from "../src/Crawl.ts"
import * as Export from "../src/Export.ts"
import * as Exportable from "../src/Exportable.ts"
import { layerClients } from "./workos.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Case = Schema.Struct({
  order: Schema.Literals(["asc", "desc"]),
  concurrency: between(1, 6),
  pageSize: between(1, 30),
  start: between(0, 100),
  length: between(0, 100),
  isOpen: Schema.Boolean,
  /** Every n-th event of the whole list is a split point, also those before the range. */
  known: between(3, 80),
  /** The export stops after this number of batches, and resumes. */
  batches: between(1, 12)
})

describe("an export of a time range", () => {
  it.live(
    "An export of a time range emits every event of the range once, also when it resumes, and never sends `after` with `range_start`",
    () =>
      Effect.gen(function* () {
        const { events } = yield* Store.Store
        const { rows } = events
        assert.isAbove(rows.length, 100)
        const requests: Array<URLSearchParams> = []
        const clients = layerClients((url) => {
          requests.push(new URL(url).searchParams)
          return true
        }, "unlimited")
        const result = yield* Arbitrary.checkEffect(
          Arbitrary.schema(Case),
          ({ batches, concurrency, isOpen, known, length, order, pageSize, start }) =>
            Effect.gen(function* () {
              const rangeStart = rows[start]?.createdAt
              const end = start + length
              const options = {
                order,
                concurrency,
                pageSize,
                rangeStart,
                rangeEnd: isOpen ? undefined : rows[end]?.createdAt,
                index: rows.filter((_, at) => at % known === 0).map(({ id }): string => id)
              }
              const expected = rows.slice(start, isOpen ? undefined : end).map(({ id }): string => id)
              const seen: Array<string> = []
              const collect = ({ rows }: Crawl.Batch<Exportable.EventRow>) =>
                Effect.sync(() => void seen.push(...rows.map(({ id }) => id)))
              const from = yield* Export.batches(Exportable.events, options).pipe(
                Stream.take(batches),
                Stream.run(Crawl.sink({ store: collect }))
              )
              yield* Stream.runForEach(Export.batches(Exportable.events, { ...options, from }), collect)
              return concurrency > 1
                ? Equal.equals(seen.toSorted(), expected.toSorted())
                : Equal.equals(seen, order === "asc" ? expected : expected.toReversed())
            }).pipe(Effect.provide(clients)),
          { runs: runs(60, 6), seed: `ranges ${seed}`, concurrency: 1 }
        )
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
        assert.isTrue(requests.some((query) => query.has("after")))
        assert.deepStrictEqual(
          requests.filter((query) => query.has("after") && query.has("range_start")).map(String),
          []
        )
      }).pipe(Effect.provide(Store.layer({ connections: 80, organizations: 10, seed: 3 })))
  )
})
