// Servers on this machine.

/**
 * Returns whether the host of a URL is a loopback address, or a name that always resolves to one.
 */
export const isLoopback = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  return /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:.+\.)?localhost\.?)$/.test(hostname)
}
