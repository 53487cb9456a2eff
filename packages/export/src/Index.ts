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
 * What an index says.
 */
export const Index = Schema.Struct({ ids: Schema.Array(Schema.String), expected: Schema.optionalKey(Schema.Int) })
export interface Index extends Schema.Schema.Type<typeof Index> {}

/**
 * Collects ids while rows pass by, in any order: the last one of each page, and fewer of them as they grow many.
 *
 * **Example** (The index of three pages)
 *
 * ```ts
 * import * as Index from "@effect-workos/export/Index"
 *
 * const index = Index.collector()
 * index.add({ id: "conn_1", created: 1 })
 * index.ids() // => ["conn_1"]
 * ```
 */
export const collector = (): {
  readonly add: (position: Position) => void
  /** From the oldest to the newest. */
  readonly ids: () => ReadonlyArray<string>
} => {
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
    ids: () => {
      const sorted = kept.toSorted(byCreation)
      const count = Math.min(sorted.length, maximum)
      return Array.from({ length: count }, (_, at) => sorted[Math.floor((at * sorted.length) / count)]?.id ?? "")
    }
  }
}

const byCreation = (a: Position, b: Position): number => a.created - b.created

/**
 * The text of an index: ids, and how many rows to expect.
 */
export const format = (index: Index): string => `${JSON.stringify(index)}\n`

/**
 * What the text of an index says; nothing where it is none.
 */
export const parse = (text: string): { readonly ids: ReadonlyArray<string>; readonly expected: number | undefined } =>
  Option.match(decode(text), {
    onNone: () => ({ ids: [], expected: undefined }),
    onSome: ({ expected, ids }) => ({ ids, expected })
  })

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Index))
