// Mutants whose responses are late, incomplete, or have wrong headers.
import { replaceResponse, makeMutant, isContinued, type Mutant, rewriteResponse, withParts } from "./Mutant.ts"
import { idAt, find, get, list, remove, unknownId } from "./Probe.ts"

/** Delay of slow responses, in milliseconds. */
const delay = 1000

// Rejects when the request is aborted.
const sleep = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop)
      resolve()
    }, delay)
    if (signal.aborted) stop()
    else signal.addEventListener("abort", stop, { once: true })
  })

// Replaces the body of a response by a stream.
const streamed = async (
  response: Response,
  pull: (controller: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array) => void | Promise<void>
): Promise<Response> => {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.delete("content-length")
  return new Response(new ReadableStream<Uint8Array>({ pull: (controller) => pull(controller, bytes) }), {
    status: response.status,
    headers
  })
}

// Half of the bytes, then a connection error.
const cutShort = (response: Response): Promise<Response> => {
  let isSent = false
  return streamed(response, (controller, bytes) => {
    if (isSent) controller.error(new TypeError("terminated"))
    else controller.enqueue(bytes.subarray(0, bytes.length >> 1))
    isSent = true
  })
}

const reset = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"))

/**
 * Mutants for responses/complete.
 */
const lost: ReadonlyArray<Mutant> = [
  {
    id: "resets-going-back",
    law: "responses/complete",
    operation: "connections.list",
    summary: "Closes the connection for a page before a cursor",
    subtle: true,
    mutate: replaceResponse("connections.list", ({ query }) => query.has("before"), reset),
    shows: (store) => [list(`before=${idAt(store, 100)}`)]
  },
  {
    id: "resets-unknown-ids",
    law: "responses/complete",
    operation: "connections.get",
    summary: "Closes the connection instead of returning 404",
    mutate: rewriteResponse("connections.get", 404, reset),
    shows: () => [get(unknownId)]
  },
  {
    id: "body-cut-short",
    law: "responses/complete",
    operation: "connections.get",
    summary: "Closes the connection after half of the body of a single connection",
    mutate: rewriteResponse("connections.get", 200, cutShort),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "large-pages-cut-short",
    law: "responses/complete",
    operation: "connections.list",
    summary: "Closes the connection in the middle of pages of more than 20 kB",
    subtle: true,
    mutate: rewriteResponse("connections.list", 200, async (response) =>
      (await response.clone().arrayBuffer()).byteLength > 20_000 ? cutShort(response) : response
    ),
    shows: () => [list("limit=100")]
  },
  {
    id: "deletions-reset",
    law: "responses/complete",
    operation: "connections.delete",
    summary: "Deletes a connection, and closes the socket instead of responding",
    writes: true,
    mutate: rewriteResponse("connections.delete", "success", reset),
    shows: (store) => [remove(idAt(store, 0))]
  }
]

/**
 * Mutants for responses/time.
 */
const late: ReadonlyArray<Mutant> = [
  {
    id: "slow-get",
    law: "responses/time",
    operation: "connections.get",
    summary: "Takes a second to return a connection",
    mutate: makeMutant((emulator) => async (parsed) => {
      if (parsed.operation === "connections.get") await sleep(parsed.request.signal)
      return emulator(parsed.request)
    }),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "slow-search",
    law: "responses/time",
    operation: "connections.list",
    summary: "Takes a second to search",
    subtle: true,
    mutate: makeMutant((emulator) => async (parsed) => {
      if (parsed.operation === "connections.list" && parsed.query.has("search")) await sleep(parsed.request.signal)
      return emulator(parsed.request)
    }),
    shows: () => [list("search=a")]
  },
  {
    id: "slow-bodies-of-large-pages",
    law: "responses/time",
    operation: "connections.list",
    summary: "Sends the body of large pages a second after the headers",
    subtle: true,
    mutate: replaceResponse(
      "connections.list",
      ({ query }) => Number(query.get("limit")) >= 90,
      (response, { request }) =>
        streamed(response, async (controller, bytes) => {
          await sleep(request.signal)
          controller.enqueue(bytes)
          controller.close()
        })
    ),
    shows: () => [list("limit=90")]
  }
]

/**
 * Mutants for responses/content-type.
 */
const contentTypes: ReadonlyArray<Mutant> = [
  {
    id: "lists-without-content-type",
    law: "responses/content-type",
    operation: "connections.list",
    summary: "Returns lists without a content type",
    mutate: rewriteResponse("connections.list", 200, (response) =>
      withParts(response, { headers: { "content-type": undefined } })
    ),
    shows: () => [list()]
  }
]

const unnamed = (response: Response): Promise<Response> =>
  withParts(response, { headers: { "x-request-id": undefined } })

/**
 * Mutants for responses/headers.
 */
const headers: ReadonlyArray<Mutant> = [
  {
    id: "later-pages-without-request-id",
    law: "responses/headers",
    operation: "connections.list",
    summary: "Omits the x-request-id on pages with a cursor",
    subtle: true,
    mutate: replaceResponse("connections.list", isContinued, unnamed),
    shows: (store) => [list(`order=asc&after=${idAt(store, 100)}`)]
  },
  {
    id: "connections-without-domains-without-request-id",
    law: "responses/headers",
    operation: "connections.get",
    summary: "Omits the x-request-id for a connection without domains",
    subtle: true,
    mutate: replaceResponse(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.domains.length === 0,
      unnamed
    ),
    shows: (store) => [get(find(store, ({ domains }) => domains.length === 0).id)]
  }
]

export const transport: ReadonlyArray<Mutant> = [...lost, ...late, ...contentTypes, ...headers]
