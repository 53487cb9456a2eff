// Page queries that every run tries, since random generation may miss them.
import { memoize } from "effect/Function"
import type { Filter } from "../ApiConventions.ts"
import type { FilterValue, Kind, ListSample, PageQuery } from "../PageQuery.ts"

/**
 * Returns the queries of a kind that every run tries, the smallest first.
 */
export const queriesOf = (kind: Kind, sample: ListSample): ReadonlyArray<PageQuery> => queriesByKind(sample)[kind]

// All laws try the same queries.
const queriesByKind = memoize((sample: ListSample): Readonly<Record<Kind, ReadonlyArray<PageQuery>>> => ({
  plain: firstRow(sample),
  filtered: [...smallest(sample), ...frequent(sample)],
  combined: [...contrasts(sample), ...lastValues(sample)],
  sequence: firstRow(sample)
}))

/** Number of values that are tried for each filter. */
const valueCount = 15

/** Number of rows that are tried for each pair of filters. */
const rowCount = 2

// The first page, with the maximum size.
const firstPage = ({ listing, lists }: ListSample, ...filters: ReadonlyArray<FilterValue>): PageQuery => {
  const limit = lists.limit.maximum
  const rows = listing.known.descending.filter((row) => filters.every(([filter, value]) => filter.matches(row, value)))
  return {
    order: "descending",
    limit,
    filters: filters.map(([{ parameter }, value]) => [parameter, value]),
    rows,
    start: 0,
    after: undefined,
    before: undefined,
    ids: rows.slice(0, limit).map((row) => String(row[lists.id])),
    isComplete: listing.isComplete,
    isLast: listing.isComplete && rows.length <= limit
  }
}

// The first page of one row, if more rows follow.
const firstRow = (sample: ListSample, ...filters: ReadonlyArray<FilterValue>): ReadonlyArray<PageQuery> => {
  const query = firstPage(sample, ...filters)
  return query.rows.length < 2 ? [] : [{ ...query, limit: 1, ids: query.ids.slice(0, 1), isLast: false }]
}

// The first row for each filter, with the value that the most rows have.
const smallest = (sample: ListSample): ReadonlyArray<PageQuery> =>
  sample.filters.flatMap((filter) => {
    const value = mostFrequent(sample.listing.known.descending.flatMap(filter.sample))
    return value === undefined ? [] : firstRow(sample, [filter, value])
  })

const mostFrequent = (values: ReadonlyArray<string>): string | undefined => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce<readonly [string | undefined, number]>((a, b) => (b[1] > a[1] ? b : a), [undefined, 0])[0]
}

// Values of each filter from all over the list.
const frequent = (sample: ListSample): ReadonlyArray<PageQuery> =>
  sample.filters.flatMap((filter) =>
    spread(valuesOf(sample, filter), valueCount).map((value) => firstPage(sample, [filter, value]))
  )

// Each pair of filters, with a value of the second that excludes a row which the first selects: a server that ignores the
// second filter returns that row.
const contrasts = (sample: ListSample): ReadonlyArray<PageQuery> => {
  const filters = sample.filters.map((filter) => ({ filter, values: valuesOf(sample, filter) }))
  return filters.flatMap(({ filter: first }) =>
    filters.flatMap(({ filter: second, values }) => {
      if (first === second) return []
      const contrasts = sample.listing.known.descending.flatMap((row) => {
        const [value] = first.sample(row)
        const other = values.find((other) => !second.matches(row, other))
        return value === undefined || other === undefined ? [] : [{ value, other }]
      })
      return spread(contrasts, rowCount).map(({ other, value }) => firstPage(sample, [first, value], [second, other]))
    })
  )
}

// Each pair of filters that rows with the most values match, with the last value of each filter.
const lastValues = (sample: ListSample): ReadonlyArray<PageQuery> =>
  sample.filters.flatMap((first, index) =>
    sample.filters.slice(index + 1).flatMap((second) => {
      const pairs = sample.listing.known.descending.flatMap((row) => {
        const [values, others] = [first.sample(row), second.sample(row)]
        const [value, other] = [values.at(-1), others.at(-1)]
        return value === undefined || other === undefined
          ? []
          : [
              {
                count: values.length + others.length,
                filters: [
                  [first, value],
                  [second, other]
                ] as const
              }
            ]
      })
      return pairs
        .toSorted((a, b) => b.count - a.count)
        .slice(0, rowCount)
        .map(({ filters }) => firstPage(sample, ...filters))
    })
  )

const valuesOf = ({ listing }: ListSample, { sample }: Filter): ReadonlyArray<string> => [
  ...new Set(listing.known.descending.flatMap(sample))
]

// At most this number of items, from all over a list.
const spread = <A>(items: ReadonlyArray<A>, maximum: number): ReadonlyArray<A> => {
  const count = Math.min(maximum, items.length)
  const bucketOf = (index: number) => Math.floor((index * count) / items.length)
  return items.filter((_, index) => bucketOf(index) > bucketOf(index - 1))
}
