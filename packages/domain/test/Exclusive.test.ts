// Mutually exclusive parameters: their descriptions, and the parameters that are omitted after a cursor.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import type * as Endpoint from "../src/Endpoint.ts"
import { events } from "../src/events/Event.ts"
import * as Exclusive from "../src/Exclusive.ts"
import * as Fields from "../src/Fields.ts"
import * as resources from "../src/resources.ts"

const described = Object.values(resources).flatMap(({ endpoints, name: resource }) =>
  Object.entries<Endpoint.Endpoint>(endpoints).flatMap(([name, { exclusive, query }]) =>
    exclusive === undefined ? [] : [{ operation: `${resource}.${name}`, groups: exclusive.groups, query }]
  )
)

const { exclusive } = events.endpoints.list
const time = DateTime.makeUnsafe("2026-01-15T12:00:00Z")

describe("exclusive parameters", () => {
  it.each(described)(
    "The exclusive parameters of $operation are optional parameters of its query",
    ({ groups, query }) => {
      const fields = query === undefined ? [] : Fields.of(query.ast)
      const optional = fields.filter(({ isRequired }) => !isRequired).map(({ name }) => name)
      assert.includeMembers(optional, groups.flat())
      for (const group of groups) assert.isAtLeast(new Set(group).size, 2)
    }
  )

  it("Exclusive.make reports a conflict if two parameters of a group are defined", () => {
    const both = { after: "event_1", rangeStart: time }
    assert.deepStrictEqual(exclusive.conflict(both), ["after", "rangeStart"])
    assert.strictEqual(exclusive.violation(both), "after and rangeStart exclude each other: set one of them")
    for (const query of [{}, { after: "event_1" }, { rangeStart: time }, { after: undefined, rangeStart: time }]) {
      assert.isUndefined(exclusive.conflict(query))
      assert.isUndefined(exclusive.violation(query))
    }
  })

  it.each(["desc", "asc"])("Exclusive.make leaves a key __proto__ of a page unchanged in order %s", (order) => {
    const { restrict } = exclusive.afterCursor({ rangeStart: time, order })
    const metadata = { before: null, after: "event_1" }
    for (const data of [[], [{ created_at: "2026-01-14T12:00:00Z" }], [{ created_at: "2026-01-16T12:00:00Z" }]]) {
      const page = { object: "list" as const, data, list_metadata: metadata, ["__proto__"]: { polluted: true } }
      const restricted = restrict(page)
      assert.strictEqual(Object.getPrototypeOf(restricted), Object.prototype)
      assert.deepStrictEqual(Object.keys(restricted), Object.keys(page))
    }
  })

  it("Exclusive.make omits exclusive parameters from the query of a page after a cursor", () => {
    const query = { rangeStart: time, rangeEnd: time, limit: 3 }
    const { query: next, since } = exclusive.afterCursor(query)
    assert.deepStrictEqual<object>(next, { ...query, rangeStart: undefined })
    assert.strictEqual(since, time.epochMilliseconds)
    assert.isUndefined(exclusive.afterCursor({ rangeEnd: time }).since)
    assert.isUndefined(Exclusive.make([["after", "other"]], { since: "rangeStart" }).afterCursor(query).since)
  })
})
