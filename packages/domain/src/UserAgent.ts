/**
 * The `User-Agent` of this library's requests.
 *
 * @module
 */
import { version } from "./Version.ts"

/**
 * Returns the `User-Agent` header of requests, `effect-workos/<version>`. Returns no header in browsers: a browser sets its
 * own header, and would send a CORS preflight request if a program set another value.
 */
export const headers = (): Readonly<Record<string, string>> =>
  typeof navigator === "object" && navigator.userAgent?.startsWith("Mozilla/")
    ? {}
    : { "user-agent": `effect-workos/${version}` }
