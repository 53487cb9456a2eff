// Lists from a time on. WorkOS documents that `range_start` and `after` exclude each other.
import { assert, describe, it, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
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
import { WorkOs } from "../src/WorkOs.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { layerWorkOs } from "./emulated.ts"
import { server, withClient } from "./scripted-server.ts"

const Case = Schema.Struct({
  order: Schema.Literals(["asc", "desc"]),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })),
  start: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 400 })),
  length: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 150 })),
  isOpen: Schema.Boolean,
  isFiltered: Schema.Boolean
})

const types = ["connection.activated", "connection.deactivated"] as const
const isOfTypes = ({ event }: { readonly event: string }) => types.some((type) => type === event)

layer(layerWorkOs())("a list from a time on", (it) => {
  it.effect("has every event of the range once, in both orders, and no request with a cursor and a start", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const rows = events.rows.slice(-500)
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
        { runs: 60, seed: 7 }
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
      assert.deepStrictEqual(requests.filter((query) => query.has("after") && query.has("range_start")).map(String), [])
    })
  )

  it.effect("cannot start after an event as well, and such a request is not sent", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const query = { after: "event_01E4ZCR3C56J083X43JQXF3JK5", rangeStart: DateTime.makeUnsafe(0) }
      const message = "events.list: after and rangeStart exclude each other: set one of them"
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
})

// An event and a page of a server that ignores cursors.
const event = (number: number) => ({
  object: "event",
  id: `event_${number}`,
  event: "user.created",
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

describe("a list from a time on, of a server that ignores cursors", () => {
  it.effect("fails instead of ending, and emits nothing from before the range", () =>
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
