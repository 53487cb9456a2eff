// Numbers beyond the precision of JavaScript, in encoded and decoded rows.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { connection, id, page } from "./samples.ts"
import { server, withClient } from "./scripted-server.ts"

const numbers =
  '{"n":12345678901234567890,"list":[9007199254740993,1.10000000000000000001],"__proto__":{"n":1e400},"m":1}'
const rowText = JSON.stringify({ ...connection, more: "more" }).replace('"more"}', `${numbers}}`)
const eventText = `{"object":"event","id":"event_01EHZNVPK3SFK441A1RGBFSHRT","event":"future.created","data":${numbers},"created_at":"2026-01-15T12:00:00.000Z","context":${numbers}}`
const pageOf = (row: string) => JSON.stringify({ ...page, data: [1] }).replace("[1]", `[${row}]`)

describe("numbers beyond the precision of JavaScript", () => {
  it.effect("Large numbers keep their digits in an encoded object, page and stream", () =>
    Effect.gen(function* () {
      const one = yield* withClient(server([{ status: 200, body: rowText }]), ({ connections }) =>
        connections.get.encoded(id)
      )
      assert.strictEqual(JSON.stringify(one), rowText)
      const list = server([{ status: 200, body: pageOf(eventText) }])
      const [first, rows, followed] = yield* withClient(list, ({ events }) =>
        Effect.all([
          events.list.encoded(),
          Stream.runCollect(events.list.encoded.stream()),
          Stream.runCollect(Stream.take(events.follow.encoded({ after: "event_01EHZNVPK3SFK441A1RGBFSHRS" }), 1))
        ])
      )
      assert.strictEqual(JSON.stringify(first), pageOf(eventText))
      assert.strictEqual(JSON.stringify(rows), `[${eventText}]`)
      assert.strictEqual(JSON.stringify(followed), `[${eventText}]`)
    })
  )

  it.effect("Large numbers are rounded in decoded rows", () =>
    Effect.gen(function* () {
      const { data } = yield* withClient(server([{ status: 200, body: pageOf(eventText) }]), ({ events }) =>
        events.list()
      )
      assert.deepStrictEqual<unknown>(data[0]?.data, {
        n: 12345678901234567000,
        list: [9007199254740992, 1.1],
        m: 1
      })
    })
  )
})
