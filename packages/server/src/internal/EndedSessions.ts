// The ids of sessions that ended in this process. A request that began before the end of its session finds the id here,
// and neither uses nor renews the session.

/**
 * Remembers ids until a time, in milliseconds since 1970. Above the capacity, the oldest ids are forgotten.
 */
export const make = (capacity: number) => {
  const until = new Map<string, number>()
  return {
    add: (id: string, time: number, now: number): void => {
      until.delete(id)
      for (const [other, end] of until) if (end <= now || until.size >= capacity) until.delete(other)
      until.set(id, time)
    },
    has: (id: string | null | undefined, now: number): boolean => {
      if (id === null || id === undefined || until.size === 0) return false
      const time = until.get(id)
      return time !== undefined && time > now
    }
  }
}
