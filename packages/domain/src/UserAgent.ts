// The `User-Agent` of this library's requests.
import { version } from "./Version.ts"

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
