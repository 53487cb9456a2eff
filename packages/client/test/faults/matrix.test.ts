// Faults and operations over real sockets: each call succeeds after the expected number of attempts, or fails with the
// expected error.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Fault from "@effect-workos/emulator/Fault"
import * as Effect from "effect/Effect"
import { catalogue } from "./catalogue.ts"
import { cells, type CellResult, run } from "./matrix.ts"
import { platforms } from "../platforms.ts"

const warnings: Array<unknown> = []
const record = (reason: unknown) => warnings.push(reason)
const events = ["warning", "unhandledRejection", "uncaughtExceptionMonitor"] as const
beforeAll(() => events.forEach((event) => process.on(event, record)))
afterAll(() => {
  events.forEach((event) => process.off(event, record))
  assert.deepStrictEqual(warnings, [])
})

let results: ReadonlyArray<CellResult> = []
// Concurrently, because most cells wait most of the time.
beforeAll(async () => {
  results = await Effect.runPromise(run(cells))
}, 120_000)

describe.each(platforms)("over $name", (platform) => {
  const rows = catalogue.filter((row) => cells.some((cell) => cell.platform === platform && cell.row === row))

  it.each(rows)(
    `Operations over ${platform.name} have the expected result with the fault $name and the policy $policy`,
    (row) => {
      const ofRow = results.filter((result) => result.platform === platform && result.row === row)
      assert.lengthOf(ofRow, cells.filter((cell) => cell.platform === platform && cell.row === row).length)
      assert.deepStrictEqual(
        ofRow.flatMap(({ wrong }) => wrong),
        []
      )
    }
  )
})

describe("the catalogue", () => {
  it("The catalogue contains every kind of fault", () => {
    assert.sameMembers([...new Set(catalogue.map(({ fault }) => fault.kind))], [...Fault.kinds])
  })
})
