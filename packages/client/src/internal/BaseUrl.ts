// Checks of base URLs. They are functions and not schemas, because every program runs them when it starts.

/**
 * Returns a description of a valid base URL if the given URL is invalid.
 */
export const violation = (url: URL): string | undefined => {
  if (!(url instanceof URL) || (url.protocol !== "https:" && url.protocol !== "http:"))
    return "a URL that starts with https:// or http://"
  return url.hash + url.password + url.search + url.username === "" ? undefined : "a URL without a user, ? and #"
}

/**
 * Tests whether others on the network can read requests to a URL: requests over plain HTTP to another machine.
 */
export const isInsecure = ({ hostname, protocol }: URL): boolean => protocol !== "https:" && !isLoopback(hostname)

/**
 * Tests whether a hostname, as `URL` normalizes it, refers to this machine.
 */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  // 127.0.0.1 as an IPv6 address.
  /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(hostname) ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname)
