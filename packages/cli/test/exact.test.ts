// Output of long numbers and the key `__proto__`, which JavaScript would change.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { listen } from "./proxy.ts"
import { inProcess, key } from "./running.ts"

const data =
  '{"n":12345678901234567890,"list":[1.10000000000000000001,1e400],"__proto__":{"__proto__":1},"constructor":{"toString":2}}'
const eventText = `{"object":"event","id":"event_01EHZNVPK3SFK441A1RGBFSHRT","event":"future.created","data":${data},"created_at":"2026-01-15T12:00:00.000Z","context":${data}}`
const connectionText = `{"object":"connection","id":"conn_01E4ZCR3C56J083X43JQXF3JK5","connection_type":"OktaSAML","name":"Foo Corp","state":"active","domains":[],"created_at":"2026-01-15T12:00:00.000Z","updated_at":"2026-01-15T12:00:00.000Z","more":${data}}`

const environment = Effect.map(
  listen(({ url = "" }, response) => {
    response.setHeader("content-type", "application/json")
    response.end(
      url.startsWith("/events")
        ? `{"object":"list","data":[${eventText}],"list_metadata":{"before":null,"after":null}}`
        : connectionText
    )
  }),
  (url) => ({ WORKOS_API_KEY: key, WORKOS_BASE_URL: url })
)

describe("the output of a command", () => {
  it.live.each([
    ["events list --json", eventText],
    ["events list --all --json", eventText],
    ["connections get conn_01E4ZCR3C56J083X43JQXF3JK5 --json", connectionText],
    ["export events --output -", eventText]
  ])("`%s` prints all digits and keys of the response", ([args = "", expected = ""]) =>
    Effect.gen(function* () {
      const { code, stdout } = yield* inProcess(args, { env: yield* environment })
      assert.deepStrictEqual([code, stdout], [0, `${expected}\n`])
    })
  )
})
