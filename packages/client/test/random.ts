// Random number generators with a fixed value.

/** A generator that always returns `number`, from 0 to 1. */
export const constantRandom = (number: number) => ({ nextDoubleUnsafe: () => number, nextIntUnsafe: () => 0 })

/** A generator that adds no jitter: delays keep their base length. */
export const middleRandom = constantRandom(0.5)
