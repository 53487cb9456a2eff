// From where the emulator's own paths may be asked, where it is served: not by the pages of other sites.
//
// They want no key, and put in webhooks and faults. Whoever opens a page in a browser on the same machine has it send
// requests here, by a form or under a name of its own that it lets lead to this machine.
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Socket from "./Socket.ts"

const isHere = (hostname: string): boolean =>
  hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || isLoopback(hostname)

// Also as IPv6 has it.
const isLoopback = (address: string): boolean => address === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address)

// The host as URLs have it, in lower case and without the port of its scheme.
const read = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined)

/**
 * Whether a request comes from a page of another site, as far as it can be seen.
 *
 * **Details**
 *
 * - A request without a line comes from this program: never.
 * - With an `Origin` that is neither the host that is asked nor on this machine.
 * - For a `Host` that is no name of this machine, where the line does not leave it: a name that leads here only lately.
 */
export const isCrossSite = (request: HttpServerRequest): boolean => {
  const address = Socket.localAddress(request)
  if (address === undefined) return false
  const { host = "", origin } = request.headers
  const asked = read(`http://${host}`)
  if (asked === undefined) return true
  if (origin !== undefined) {
    const from = read(origin)
    if (from === undefined || (from.host !== asked.host && !isHere(from.hostname))) return true
  }
  return isLoopback(address) && !isHere(asked.hostname)
}

/** The answer to such a one. */
export const forbidden = HttpServerResponse.jsonUnsafe(
  { message: "Another site's page may not ask for this. Ask the emulator as localhost or 127.0.0.1." },
  { status: 403 }
)
