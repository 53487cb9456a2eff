// Lists of time ranges. WorkOS documents that `range_start` and `after` exclude each other.
import { assert, describe, it, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Events } from "../src/Events.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { server, withClient } from "./scripted-server.ts"

const Case = Schema.Struct({
  order: Schema.Literals(["asc", "desc"]),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 30 })),
  start: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 })),
  length: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 })),
  isOpen: Schema.Boolean,
  isFiltered: Schema.Boolean
})

const types = ["connection.activated", "connection.deactivated"] as const
const isOfTypes = ({ event }: { readonly event: string }) => types.some((type) => type === event)

const layerTest = Layer.provideMerge(
  Emulator.layerHttpClient(),
  Store.layer({ connections: 80, organizations: 10, seed: 11 })
)

layer(layerTest)("a list of a time range", (it) => {
  it.effect(
    "A list of a time range contains every event once, in both orders, and no request has `after` and `range_start`",
    () =>
      Effect.gen(function* () {
        const { events } = yield* Store.Store
        const { rows } = events
        assert.isAbove(rows.length, 100)
        const requests: Array<URLSearchParams> = []
        const client = HttpClient.mapRequest(yield* HttpClient.HttpClient, (request) => {
          const url = Option.getOrThrow(HttpClientRequest.toUrl(request))
          requests.push(url.searchParams)
          return request
        })
        const result = yield* Arbitrary.checkEffect(
          Arbitrary.schema(Case),
          ({ isFiltered, isOpen, length, order, pageSize, start }) =>
            Effect.gen(function* () {
              const rangeStart = rows[start]?.createdAt
              const rangeEnd = isOpen ? undefined : rows[start + length]?.createdAt
              const expected = rows
                .slice(start, isOpen ? undefined : start + length)
                .filter((event) => !isFiltered || isOfTypes(event))
                .map(({ id }): string => id)
              const list = yield* Events
              const options = { order, pageSize, rangeStart, rangeEnd, ...(isFiltered ? { events: types } : {}) }
              const decoded = yield* Stream.runCollect(list.stream(options))
              const encoded = yield* Stream.runCollect(list.list.encoded.pages(options))
              const wanted = order === "asc" ? expected : expected.toReversed()
              return Equal.equals(
                [
                  wanted,
                  decoded.map(({ id }): string => id),
                  encoded.flatMap(({ data }) => data.map(({ id }): string => id))
                ],
                [wanted, wanted, wanted]
              )
            }),
          { runs: runs(60, 8), seed: `ranges ${seed}` }
        ).pipe(
          Effect.provide(
            Layer.fresh(Events.layer).pipe(
              Layer.provide(
                WorkOsConfig.layer({
                  apiKey: Emulator.defaultApiKey,
                  baseUrl: new URL("https://workos.test"),
                  rateLimit: "unlimited"
                })
              ),
              Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
            )
          )
        )
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
        assert.isTrue(requests.some((query) => query.has("after")))
        assert.deepStrictEqual(
          requests.filter((query) => query.has("after") && query.has("range_start")).map(String),
          []
        )
      })
  )

  it.effect("A list with `after` and `rangeStart` fails before a request is sent", () =>
    Effect.gen(function* () {
      const scripted = server([page([1])])
      const query = { after: "event_01E4ZCR3C56J083X43JQXF3JK5", rangeStart: DateTime.makeUnsafe(0) }
      const message = "events.list: after and rangeStart exclude each other: set one of them"
      yield* withClient(
        scripted,
        Effect.fnUntraced(function* ({ events }) {
          for (const call of [
            events.list(query),
            events.list.encoded(query),
            Stream.runDrain(events.stream(query)),
            Stream.runDrain(events.list.encoded.pages(query))
          ]) {
            const error = yield* Effect.flip(call)
            assert.strictEqual(error._tag, "InvalidRequest")
            assert.strictEqual(error.message, message)
          }
        })
      )
      assert.lengthOf(scripted.received, 0)
    })
  )
})

// An event and a page of a server that ignores cursors.
const event = (number: number) => ({
  object: "event",
  id: `event_${number}`,
  event: "future.created",
  data: {},
  created_at: new Date(number * 1000).toISOString()
})
const page = (numbers: ReadonlyArray<number>) => ({
  status: 200,
  body: JSON.stringify({
    object: "list",
    data: numbers.map(event),
    list_metadata: { after: `event_${numbers.at(-1)}` }
  })
})

describe("a list of a time range of a server that ignores cursors", () => {
  it.effect("A stream of a time range fails if the server ignores cursors, and emits no event before the range", () =>
    Effect.gen(function* () {
      const scripted = server([page([10, 11]), page([1, 2])])
      const seen: Array<string> = []
      const error = yield* withClient(scripted, ({ events }) =>
        Effect.flip(
          Stream.runForEach(events.stream({ order: "asc", rangeStart: DateTime.makeUnsafe(9_000) }), ({ id }) =>
            Effect.sync(() => seen.push(id))
          )
        )
      )
      assert.strictEqual(error._tag, "CursorRepeated")
      assert.deepStrictEqual(seen, ["event_10", "event_11"])
    })
  )
})
