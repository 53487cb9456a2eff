// A server without a socket that counts requests and has a rate limit.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { connection } from "./samples.ts"

/** The number of pages of its list of connections. */
export const pageCount = 20

/** A page with one of `pageCount` connections. */
const page = (after: string | null) => {
  const number = after === null ? 0 : Number(after.slice("conn_".length))
  const id = `conn_${number + 1}`
  return {
    object: "list",
    data: [{ ...connection, id }],
    list_metadata: { before: null, after: number + 1 < pageCount ? id : null }
  }
}

/** A server without a socket that responds immediately and records the times of requests. */
export const serverOf = (
  respond: (time: number, index: number) => { status?: number; headers?: Record<string, string> }
) => {
  const times: Array<number> = []
  const statuses: Array<number> = []
  const client = HttpClient.make((request, url) =>
    Effect.map(Clock.currentTimeMillis, (time) => {
      const { headers = {}, status = 200 } = respond(time, times.length)
      times.push(time)
      statuses.push(status)
      const body = status === 429 ? { message: "Slow down" } : page(url.searchParams.get("after"))
      return HttpClientResponse.fromWeb(
        request,
        new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } })
      )
    })
  )
  return { client, times, statuses, refused: () => statuses.filter((status) => status === 429).length }
}

/** A server with a limit per window. A window starts with its first request. */
export const counting = (limit: () => number, window: number) => {
  let started = -Infinity
  let count = 0
  return serverOf((time) => {
    if (time >= started + window) [started, count] = [time, 0]
    if (++count <= limit()) return {}
    return { status: 429, headers: { "retry-after": String(Math.ceil((started + window - time) / 1000)) } }
  })
}
