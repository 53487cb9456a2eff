/**
 * The client service of directories.
 *
 * @module
 */
import { directories } from "@effect-workos/domain/directory-sync/Directory"
import * as Client from "./Client.ts"

/**
 * The client of directories, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The names of a customer's directories)
 *
 * ```ts
 * import { Directories } from "@effect-workos/client/Directories"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const names = Effect.fn("names")(function* (organizationId: string) {
 *   const directories = yield* Directories
 *   return yield* directories.stream({ organizationId }).pipe(
 *     Stream.map((directory) => directory.name),
 *     Stream.runCollect
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/directory-sync/directory
 */
export class Directories extends Client.Service<Directories>()("@effect-workos/client/Directories", directories) {}
