// Random samples of exhaustive tests. `pnpm test` runs a sample, and `pnpm test:all` runs all cases. A run prints its seed,
// and `TEST_SEED` sets the seed.
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/**
 * True if this run is exhaustive.
 */
export const isExhaustive = process.env["TEST_EXHAUSTIVE"] === "true"

/**
 * The seed of this run.
 */
export const seed = Number(process.env["TEST_SEED"] ?? 1)

/**
 * Returns all cases in an exhaustive run, otherwise `count` cases that the seed of the run selects. Keeps the order.
 */
export const sample = <A>(cases: ReadonlyArray<A>, count: number): ReadonlyArray<A> => sampleWith(cases, count, "")

// Each group has different random numbers, so that the selected cases have different indices in each group.
const sampleWith = <A>(cases: ReadonlyArray<A>, count: number, group: string): ReadonlyArray<A> => {
  if (isExhaustive || cases.length <= count) return cases
  const shuffled = Effect.runSync(Random.shuffle(cases.keys()).pipe(Random.withSeed(`${seed} ${group}`)))
  const chosen = new Set(shuffled.slice(0, count))
  return cases.filter((_, index) => chosen.has(index))
}

/**
 * Like `sample`, but selects `count` cases of each group.
 */
export const sampleOfEach = <A>(
  cases: ReadonlyArray<A>,
  groupOf: (value: A) => string,
  count = 1
): ReadonlyArray<A> => {
  const chosen = new Set(
    Object.entries(Object.groupBy(cases, groupOf)).flatMap(([name, group = []]) => sampleWith(group, count, name))
  )
  return cases.filter((value) => chosen.has(value))
}

/**
 * Selects `count` cases of each group, also in an exhaustive run. The cases belong to as many different members as possible,
 * and the seed of the run selects both.
 */
export const spread = <A>(
  cases: ReadonlyArray<A>,
  count: number,
  groupOf: (value: A) => string,
  memberOf: (value: A) => string
): ReadonlyArray<A> => {
  const chosen = new Set(
    Object.entries(Object.groupBy(cases, groupOf)).flatMap(([name, group = []]) => {
      const shuffled = Effect.runSync(Random.shuffle(group).pipe(Random.withSeed(`${seed} ${name}`)))
      // The first case of each member, then the second of each, and so on.
      const turns = [...Map.groupBy(shuffled, memberOf).values()].flatMap((ofMember) => [...ofMember.entries()])
      return turns
        .toSorted(([a], [b]) => a - b)
        .slice(0, count)
        .map(([, value]) => value)
    })
  )
  return cases.filter((value) => chosen.has(value))
}

/**
 * Returns the number of runs of a property: the first argument in an exhaustive run, otherwise the second.
 */
export const runs = (exhaustive: number, otherwise: number): number => (isExhaustive ? exhaustive : otherwise)
