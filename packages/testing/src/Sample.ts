// Random samples of exhaustive tests: `pnpm test` runs a sample, `pnpm test:all` runs every case. The seed of a run is in
// its output and in `TEST_SEED`.
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
 * Returns all cases in an exhaustive run, otherwise `count` of them, chosen by the seed of the run. The order stays.
 */
export const sample = <A>(cases: ReadonlyArray<A>, count: number): ReadonlyArray<A> => sampleWith(cases, count, "")

// Each group has its own random numbers, so that the chosen cases are not at the same place in every group.
const sampleWith = <A>(cases: ReadonlyArray<A>, count: number, group: string): ReadonlyArray<A> => {
  if (isExhaustive || cases.length <= count) return cases
  const shuffled = Effect.runSync(Random.shuffle(cases.keys()).pipe(Random.withSeed(`${seed} ${group}`)))
  const chosen = new Set(shuffled.slice(0, count))
  return cases.filter((_, index) => chosen.has(index))
}

/**
 * Like `sample`, with `count` cases of each group.
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
 * Returns the first number in an exhaustive run, otherwise the second: for the number of runs of a property.
 */
export const runs = (exhaustive: number, otherwise: number): number => (isExhaustive ? exhaustive : otherwise)
