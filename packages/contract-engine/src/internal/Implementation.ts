// The result of a probe: whether a server implements an operation.
import type { Exchange } from "../Exchange.ts"

/**
 * The result of a probe: whether a server implements an operation, with the number of requests that it took. `Missing`
 * contains a response that shows that it does not. `Gated` means that the server requires a key for every path, so that its
 * responses to requests without one tell nothing.
 */
export type Implementation =
  | { readonly _tag: "Implemented"; readonly requests: number }
  | { readonly _tag: "Missing"; readonly exchange: Exchange }
  | { readonly _tag: "Gated"; readonly reason: string }
  | { readonly _tag: "Unknown"; readonly reason: string }
