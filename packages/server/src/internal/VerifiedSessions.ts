// Sessions that were recently verified, by their cookies: a browser sends the same cookie with every request.
//
// The key is the end of the cookie, which contains the signature of the seal. The complete cookie is compared, so a cookie
// that was changed elsewhere is not found.

interface Entry<A> {
  readonly cookie: string
  readonly value: A
  readonly expiresAt: number
}

/** The length of a signature in Base64Url, with the version of the seal. */
const keyLength = 45

/**
 * Makes a cache with a maximum number of entries. Above it, the oldest entries are removed.
 */
export const make = <A>(capacity: number) => {
  const entries = new Map<string, Entry<A>>()
  return {
    get: (cookie: string, now: number): A | undefined => {
      const key = cookie.slice(-keyLength)
      const entry = entries.get(key)
      if (entry === undefined || entry.cookie !== cookie) return undefined
      if (entry.expiresAt > now) return entry.value
      entries.delete(key)
      return undefined
    },
    set: (cookie: string, value: A, expiresAt: number): void => {
      if (capacity < 1) return
      const key = cookie.slice(-keyLength)
      entries.delete(key)
      // A `Map` keeps the order of insertion.
      for (const oldest of entries.keys()) {
        if (entries.size < capacity) break
        entries.delete(oldest)
      }
      entries.set(key, { cookie, value, expiresAt })
    }
  }
}
