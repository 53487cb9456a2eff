/**
 * The rate limits of user management, which all of its endpoints share.
 *
 * @module
 */
import type { RateLimit } from "../Endpoint.ts"

/**
 * The limit of requests that read: 1,000 per 10 seconds.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const reads: ReadonlyArray<RateLimit> = [{ requests: 1000, seconds: 10, shared: "user_management reads" }]

/**
 * The limit of requests that write: 500 per 10 seconds.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const writes: ReadonlyArray<RateLimit> = [{ requests: 500, seconds: 10, shared: "user_management writes" }]
