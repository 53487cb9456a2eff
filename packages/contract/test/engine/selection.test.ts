// Runs that check some operations only.
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import { suite } from "../../src/WorkOs.ts"
import { emulated, recording, smallStore } from "./running.ts"

describe("a run that checks some operations", () => {
  it.live.each(["connections", "organizations", "events"])(
    "a run that checks the operations of %s sends no requests to other resources",
    (group) =>
      Effect.gen(function* () {
        const requests: Array<Request> = []
        const { results } = yield* Contract.verify(suite, { runs: 3, operations: [group] }).pipe(
          Effect.provide(emulated(recording(requests))),
          Effect.provideServiceEffect(Store.Store, smallStore())
        )
        assert.isTrue(results.every(({ operation }) => operation.startsWith(`${group}.`)))
        assert.isAbove(results.filter(({ status }) => status === "passed").length, 30)
        const own = new RegExp(`^/${group}\\b|^/effect-workos-no-such-path$`)
        const others = requests.map(({ url }) => new URL(url).pathname).filter((path) => !own.test(path))
        assert.deepStrictEqual([...new Set(others)], [])
      })
  )
})
