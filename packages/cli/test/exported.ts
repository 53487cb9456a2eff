// Reads files that `export` has written, and lines of JSON from stdout.
import { Connection } from "@effect-workos/domain/sso/Connection"
import type * as Store from "@effect-workos/emulator/Store"
import * as Schema from "effect/Schema"
import { assert } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"

/** Enough rows for eight pages. */
export const large = { connections: 730 }

/** Encodes connections in the form of responses. */
export const encodeAll = Schema.encodeSync(Schema.Array(Connection))

export interface Line {
  readonly id: string
  readonly event?: string
}

/** Parses lines of JSON. */
export const parseLines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line))

const byId = (a: Line, b: Line) => (a.id < b.id ? -1 : 1)

/** Asserts that a file contains each connection of the store once, in any order. */
export const assertComplete = (file: string, store: Store.Store["Service"]) =>
  assert.deepStrictEqual<unknown>(
    parseLines(readFileSync(file, "utf8")).toSorted(byId),
    encodeAll([...store.connections.rows]).toSorted(byId)
  )

/** Counts the complete lines of a file. Returns 0 for a missing file. */
export const countLines = (file: string) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0)
