// CPU time of decoding a page, by the fast path of `Wire` and by Effect's schema interpreter, compared with parsing it.
import * as Pagination from "@effect-workos/domain/Pagination"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Wire from "@effect-workos/domain/Wire"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Measure from "./Measure.ts"

const ConnectionPage = Pagination.Page(Connection)

export const decode = async (rounds: { readonly warmUp: number; readonly counted: number }): Promise<string> => {
  const { connections } = await Effect.runPromise(Seed.make({ connections: 2000, organizations: 100, seed: 1 }))
  const encode = Schema.encodeSync(ConnectionPage)
  const texts = Array.from({ length: connections.length / 100 }, (_, page) =>
    JSON.stringify(
      encode({
        object: "list",
        data: connections.slice(page * 100, page * 100 + 100),
        listMetadata: { before: null, after: null }
      })
    )
  )
  const isEncoded = Wire.isEncoded(ConnectionPage)
  const fast = Schema.decodeUnknownSync(ConnectionPage)
  // The fast path does not support `onExcessProperty`, so this decoder uses the interpreter.
  const interpreted = Schema.decodeUnknownSync(ConnectionPage, { onExcessProperty: "error" })

  const candidate = (name: string, use: (page: unknown) => unknown): Measure.Candidate => ({
    name,
    run: async () => {
      for (let i = 0; i < 10; i++) for (const text of texts) use(JSON.parse(text))
      return texts.length * 10
    }
  })
  const results = await Measure.inTurn(
    [
      candidate("`JSON.parse`", (page) => page),
      candidate("and validated: `Wire.isEncoded`", isEncoded),
      candidate("and decoded by the fast path", fast),
      candidate("and decoded by the interpreter", interpreted)
    ],
    rounds
  )
  return Measure.comparison("a page of 100 connections", results)
}
