// Every fault against operations of several kinds, over real sockets: success after the right number of attempts, or the
// right error.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Fault from "@effect-workos/emulator/Fault"
import * as Effect from "effect/Effect"
import { catalogue } from "./catalogue.ts"
import { isCell, type CellResult, run } from "./matrix.ts"
import { operations } from "./operations.ts"
import { platforms } from "../platforms.ts"

const complaints: Array<unknown> = []
const complain = (reason: unknown) => complaints.push(reason)
const events = ["warning", "unhandledRejection", "uncaughtExceptionMonitor"] as const
beforeAll(() => events.forEach((event) => process.on(event, complain)))
afterAll(() => {
  events.forEach((event) => process.off(event, complain))
  assert.deepStrictEqual(complaints, [])
})

let met: ReadonlyArray<CellResult> = []
// All together, because most cells wait most of the time.
beforeAll(async () => {
  met = await Effect.runPromise(run)
}, 120_000)

describe.each(platforms)("over $name every operation ends as the rules say", (platform) => {
  it.each(catalogue.map((row) => [row.name, row.policy, row] as const))(
    "with the fault %s, policy %s",
    (_, __, row) => {
      const cells = met.filter((cell) => cell.platform === platform && cell.row === row)
      assert.lengthOf(cells, operations.filter((operation) => isCell(operation, platform, row)).length)
      assert.deepStrictEqual(
        cells.flatMap(({ wrong }) => wrong),
        []
      )
    }
  )
})

describe("the catalogue", () => {
  it("contains every kind of fault", () => {
    assert.sameMembers([...new Set(catalogue.map(({ fault }) => fault.kind))], [...Fault.kinds])
  })
})
