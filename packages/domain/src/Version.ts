// The version of this library.

/**
 * The version of all packages, which are released together. `pnpm version-packages` writes it.
 *
 * **Example** (The version in a line of a log)
 *
 * ```ts
 * import { version } from "@effect-workos/domain/Version"
 *
 * const line = `effect-workos ${version}`
 * ```
 */
export const version = "0.0.0"
