/**
 * The version of this library.
 *
 * @module
 */

/**
 * The version of all packages, which are released together. `pnpm version-packages` writes it.
 */
export const version = "0.0.0"
