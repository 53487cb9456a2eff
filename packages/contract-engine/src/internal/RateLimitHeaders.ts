// The rate limit that a server states in the headers of its responses.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Response } from "../Exchange.ts"

/**
 * The rest of a rate limit: the number of requests that the server accepts until a time in milliseconds since the epoch.
 * `limit` is the number of requests of a whole window, if the server states it.
 */
export interface Allowance {
  readonly remaining: number
  readonly resetsAt: number
  readonly limit: number | undefined
  readonly windowSeconds: number
}

/**
 * Returns the allowance that a response states, or `undefined`. Reads `RateLimit` and `RateLimit-Policy` of the IETF draft,
 * the older `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`, and their variants with `X-`.
 */
export const allowanceOf = ({ headers }: Pick<Response, "headers">): Effect.Effect<Allowance | undefined> =>
  Effect.map(Clock.currentTimeMillis, (now) => structured(headers, now) ?? separate(headers, now))

type Headers = Response["headers"]

// `RateLimit: "default";r=50;t=30` with `RateLimit-Policy: "default";q=100;w=60`, or `RateLimit: limit=100, remaining=50, reset=5`.
const structured = (headers: Headers, now: number): Allowance | undefined => {
  const text = headers["ratelimit"]
  if (text === undefined) return undefined
  if (/\bremaining=/.test(text)) {
    return make(now, {
      remaining: parameter(text, "remaining"),
      seconds: parameter(text, "reset"),
      limit: parameter(text, "limit"),
      window: parameter(headers["ratelimit-policy"] ?? "", "w")
    })
  }
  const policies = new Map((headers["ratelimit-policy"] ?? "").split(",").map((item) => [nameOf(item), item]))
  const allowances = text.split(",").flatMap((item) => {
    const policy = policies.get(nameOf(item)) ?? ""
    const window = parameter(policy, "w")
    const found = make(now, {
      remaining: parameter(item, "r"),
      seconds: parameter(item, "t") ?? window,
      limit: parameter(policy, "q"),
      window
    })
    return found === undefined ? [] : [found]
  })
  // The limit that allows the fewest requests per time applies.
  const rate = ({ remaining, resetsAt }: Allowance) => remaining / Math.max(1, resetsAt - now)
  return allowances.toSorted((a, b) => rate(a) - rate(b))[0]
}

const nameOf = (item: string): string => item.split(";", 1)[0]?.trim() ?? ""

const parameter = (text: string, name: string): number | undefined =>
  numberIn(new RegExp(`\\b${name}=("?)(\\d+)\\1`).exec(text)?.[2])

const separate = (headers: Headers, now: number): Allowance | undefined => {
  for (const prefix of ["ratelimit", "x-ratelimit", "x-rate-limit"]) {
    const limit = headers[`${prefix}-limit`]
    const found = make(now, {
      remaining: numberIn(headers[`${prefix}-remaining`]),
      seconds: resetIn(headers[`${prefix}-reset`], now),
      limit: numberIn(limit),
      window: parameter(limit ?? "", "w")
    })
    if (found !== undefined) return found
  }
  return undefined
}

// Lists such as `100, 100;w=60` begin with the limit that applies.
const numberIn = (text: string | undefined): number | undefined => {
  const digits = /^\s*(\d+(?:\.\d+)?)/.exec(text ?? "")?.[1]
  return digits === undefined ? undefined : Number(digits)
}

// Servers state seconds, seconds or milliseconds since the epoch, or a date.
const resetIn = (text: string | undefined, now: number): number | undefined => {
  if (text === undefined) return undefined
  const number = /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined
  const date = number === undefined ? Date.parse(text) : number > 1e11 ? number : number > 1e9 ? number * 1000 : NaN
  return Number.isNaN(date) ? number : (date - now) / 1000
}

/** A longer window, such as a day, does not limit the rate of a run. */
const longestWindow = 3600

/** The usual window, for servers that do not state theirs. */
const usualWindow = 60

const make = (
  now: number,
  stated: Readonly<Record<"remaining" | "seconds" | "limit" | "window", number | undefined>>
): Allowance | undefined => {
  const { limit, remaining, seconds, window } = stated
  if (remaining === undefined || seconds === undefined || seconds > longestWindow) return undefined
  return {
    remaining,
    resetsAt: now + Math.max(0, seconds) * 1000,
    limit,
    windowSeconds: window ?? Math.max(usualWindow, seconds)
  }
}
