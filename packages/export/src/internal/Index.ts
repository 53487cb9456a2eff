// An index: ids that existed when they were written down, from all over a list. The next crawl starts from each of them.
//
// It may be old, foreign, cut short or no index at all. Whatever it says is tried before it is believed (see `Crawl`), so
// the worst that a bad one does is nothing.
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Position } from "./Front.ts"

/** How many ids an index has at most: more places to start from than requests are ever under way. */
const maximum = 512

/**
 * What an index says: ids, how many rows there were, and of what.
 */
export const Index = Schema.Struct({
  ids: Schema.Array(Schema.String),
  expected: Schema.optionalKey(Schema.Int),
  of: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
export interface Index extends Schema.Schema.Type<typeof Index> {}

/**
 * Collects ids while pages pass by, in any order: one of each page, and fewer of them as they grow many.
 */
export const collector = (): Collector => {
  let kept: Array<Position> = []
  let stride = 1
  let count = 0
  return {
    add: (position) => {
      if (count++ % stride !== 0) return
      kept.push(position)
      if (kept.length <= 2 * maximum) return
      kept = kept.toSorted(byCreation).filter((_, at) => at % 2 === 0)
      stride *= 2
    },
    positions: () => evenly(kept.toSorted(byCreation), maximum)
  }
}

/**
 * What is collected, from the oldest to the newest.
 */
export interface Collector {
  readonly add: (position: Position) => void
  readonly positions: () => ReadonlyArray<Position>
}

/**
 * So many values from all over an array, or all where there are no more.
 */
export const evenly = <A>(values: ReadonlyArray<A>, count: number): ReadonlyArray<A> =>
  values.length <= count
    ? values
    : values.filter(
        (_, at) => Math.floor((at * count) / values.length) !== Math.floor(((at - 1) * count) / values.length)
      )

const byCreation = (a: Position, b: Position): number => a.created - b.created

/**
 * The text of an index.
 */
export const format = (index: Index): string => `${JSON.stringify(index)}\n`

/**
 * What the text of an index says; nothing where it is none. `isOne` is whether it may be one, be it cut short, or was none
 * at all: then it may be replaced.
 */
export const parse = (text: string): Index & { readonly isOne: boolean } => ({
  ...Option.getOrElse(decode(text), () => ({ ids: [] })),
  isOne: text === "" || text.startsWith("{")
})

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Index))
