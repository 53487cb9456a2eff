// The `User-Agent` of this library's requests.

/** The version of all packages, which are released together. `version-packages` writes it. */
const version = "0.0.0"

/**
 * Returns the `User-Agent` header of requests, `effect-workos/<version>`. Browsers set their own, and would ask a server with
 * CORS for permission to send another: for them the result is empty.
 *
 * **Example** (A request of a program's own)
 *
 * ```ts
 * import * as UserAgent from "@effect-workos/domain/UserAgent"
 * import * as HttpClientRequest from "effect/http/HttpClientRequest"
 *
 * const request = HttpClientRequest.get("https://api.workos.com/organizations", { headers: UserAgent.headers() })
 * ```
 */
export const headers = (): Readonly<Record<string, string>> =>
  typeof navigator === "object" && navigator.userAgent?.startsWith("Mozilla/")
    ? {}
    : { "user-agent": `effect-workos/${version}` }
