/**
 * The error of a target that cannot be verified.
 *
 * @module
 */
import * as Data from "effect/Data"

/**
 * The target cannot be verified: the server is unreachable, does not accept the key, or implements no operation.
 *
 * **Example** (Waiting for a server to start)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import type { SelectionError } from "@effect-workos/contract-engine/Selection"
 * import type { TargetError } from "@effect-workos/contract-engine/TargetError"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const isStarting = (error: TargetError | SelectionError): boolean =>
 *   error._tag === "TargetError" && error.reason === "unreachable"
 *
 * const program = Contract.verify(WorkOs.suite).pipe(Effect.retry({ while: isStarting, times: 10 }))
 * ```
 */
export class TargetError extends Data.TaggedError("TargetError")<{
  readonly reason: "unreachable" | "unauthorized" | "not-implemented"
  /** A sentence that states the problem and what to check. */
  readonly message: string
}> {}
