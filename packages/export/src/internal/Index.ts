// An index: ids of rows, spread over a whole list, that an earlier export has read. The next export uses the ids as split
// points.
//
// An index may be outdated, truncated, or of another list, and the file may not be an index. `Crawl` tests each id before
// use, so a bad index costs a few requests.
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Position } from "./Segment.ts"

/** The maximum number of ids in an index. The command line uses at most 400: four for each of 100 concurrent requests. */
const maximum = 512

/**
 * The content of an index: ids, the number of rows, and the fingerprint of the export.
 */
export const Index = Schema.Struct({
  ids: Schema.Array(Schema.String),
  expected: Schema.optionalKey(Schema.Int),
  of: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
export interface Index extends Schema.Schema.Type<typeof Index> {}

/**
 * Collects positions, in any order, and thins them out as their number grows.
 */
export const collector = (): Collector => {
  let collected: Array<Position> = []
  let stride = 1
  let count = 0
  return {
    add: (position) => {
      if (count++ % stride !== 0) return
      collected.push(position)
      if (collected.length <= 2 * maximum) return
      collected = collected.toSorted(byCreation).filter((_, at) => at % 2 === 0)
      stride *= 2
    },
    positions: () => evenly(collected.toSorted(byCreation), maximum)
  }
}

/**
 * A collection of positions. `positions` returns them from the oldest to the newest.
 */
export interface Collector {
  readonly add: (position: Position) => void
  readonly positions: () => ReadonlyArray<Position>
}

/**
 * Returns at most `count` values, evenly spread over an array.
 */
export const evenly = <A>(values: ReadonlyArray<A>, count: number): ReadonlyArray<A> =>
  values.length <= count
    ? values
    : values.filter(
        (_, at) => Math.floor((at * count) / values.length) !== Math.floor(((at - 1) * count) / values.length)
      )

const byCreation = (a: Position, b: Position): number => a.created - b.created

/**
 * Formats an index as text.
 */
export const format = (index: Index): string => `${JSON.stringify(index)}\n`

/**
 * Parses the text of an index. Returns an index without ids if the text is invalid. `isReplaceable` is true if the file
 * may be replaced: the text is empty, or looks like an index, even a truncated one.
 */
export const parse = (text: string): Index & { readonly isReplaceable: boolean } => {
  // Removes the byte order mark and the white space that editors add.
  const content = text.trim()
  return {
    ...Option.getOrElse(decode(content), () => ({ ids: [] })),
    isReplaceable: content === "" || content.startsWith("{")
  }
}

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Index))
