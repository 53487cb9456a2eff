// Chance, as tests want it.

/** Always the same, from 0 to 1. */
export const always = (number: number) => ({ nextDoubleUnsafe: () => number, nextIntUnsafe: () => 0 })

/** Waits are neither longer nor shorter for it. */
export const middling = always(0.5)
