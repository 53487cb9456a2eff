// Protection of the admin API against cross-site requests.
//
// The admin API needs no key. Without this protection, a web page in a browser on the same machine could send requests to
// the admin API with a form or by DNS rebinding.
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Socket from "./Socket.ts"

const isLocalHost = (hostname: string): boolean =>
  hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || isLoopback(hostname)

// The author of a page may own such a name, and may make the name resolve to an address of this machine.
const isPublicName = (hostname: string): boolean =>
  !hostname.startsWith("[") &&
  /[a-z][^.]*\.?$/.test(hostname) &&
  /\../.test(hostname) &&
  !/\.(?:localhost|local|internal|test|lan|home\.arpa)\.?$/.test(hostname)

// Loopback addresses include IPv4-mapped IPv6 addresses.
const isLoopback = (address: string): boolean => address === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address)

// Parsing normalizes the host: lower case, without the default port.
const read = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined)

/**
 * Tests whether a request was sent by a page of another site.
 *
 * **Details**
 *
 * - A request without a socket is sent by this program and is never cross-site.
 * - A request is cross-site if `Origin` is neither the requested host nor a loopback host.
 * - A request on a loopback socket is cross-site if `Host` is not a loopback host, which is a sign of DNS rebinding.
 * - A request on another socket is cross-site if `Host` is a name in the public DNS. These hosts are not in the public DNS:
 *   addresses, names without a dot, such as names of containers, and names that end in `.localhost`, `.local`, `.internal`,
 *   `.test`, `.lan` or `.home.arpa`.
 */
export const isCrossSite = (request: HttpServerRequest): boolean => {
  const address = Socket.localAddress(request)
  if (address === undefined) return false
  const { host = "", origin } = request.headers
  const requested = read(`http://${host}`)
  if (requested === undefined) return true
  if (origin !== undefined) {
    const from = read(origin)
    if (from === undefined || (from.host !== requested.host && !isLocalHost(from.hostname))) return true
  }
  return isLoopback(address) ? !isLocalHost(requested.hostname) : isPublicName(requested.hostname)
}

/** The response to a cross-site request. */
export const forbidden = HttpServerResponse.jsonUnsafe(
  {
    message:
      "Pages of other sites cannot use the admin API. Use the host localhost, 127.0.0.1 or another address of the emulator."
  },
  { status: 403 }
)
