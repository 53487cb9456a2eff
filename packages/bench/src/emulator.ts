// CPU time of a page of the emulator, with few connections and with many.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Measure from "./Measure.ts"

const headers = { authorization: `Bearer ${Redacted.value(Emulator.defaultApiKey)}` }
const requests = 300

type Query = (ids: ReadonlyArray<string>, organization: string) => string

// An emulator with this number of connections. Returns a function that requests pages for a query.
const requester = (connections: number) =>
  Effect.gen(function* () {
    const store = yield* Store.Store
    const fetch = yield* Emulator.fetch()
    const ids = store.connections.rows.map(({ id }) => id)
    return (query: Query) => async () => {
      const url = `http://workos.test/connections?limit=20&${query(ids, store.organizations.rows[0]?.id ?? "")}`
      for (let i = 0; i < requests; i++) {
        const response = await fetch(url, { headers })
        if (response.status !== 200) throw new Error(`${url} returned ${response.status}`)
        await response.text()
      }
      return requests
    }
  }).pipe(
    Effect.provide(Layer.fresh(Store.layer({ connections, organizations: Math.max(1, connections / 20), seed: 1 }))),
    Effect.scoped
  )

export const emulator = async (rounds: { readonly warmUp: number; readonly counted: number }): Promise<string> => {
  const requestFew = await Effect.runPromise(requester(100))
  const requestMany = await Effect.runPromise(requester(100_000))
  const rows: Array<ReadonlyArray<string>> = []
  for (const [name, query] of [
    ["the first page", () => "order=desc"],
    ["a page from the middle", (ids: ReadonlyArray<string>) => `order=asc&after=${ids[ids.length >> 1]}`],
    ["the connections of an organization", (_: unknown, id: string) => `organization_id=${id}`]
  ] as const) {
    const [few, many] = await Measure.inTurn(
      [
        { name: "100", run: requestFew(query) },
        { name: "100,000", run: requestMany(query) }
      ],
      rounds
    )
    rows.push([name, `${few?.cpu.toFixed(0)} µs`, `${many?.cpu.toFixed(0)} µs`, many?.ratio.toFixed(2) ?? ""])
  }
  return Measure.table(["emulator, a page of 20", "of 100 connections", "of 100,000", "ratio"], rows)
}
