// Mutants whose answers are late, cut short, or wrong on the envelope: headers and content types.
import { insteadOf, inFront, isContinued, type Mutant, rewriteAnswer, withParts } from "./Mutant.ts"
import { at, find, get, list, remove, unknownId } from "./Probe.ts"

/** How long slow answers take, in milliseconds. */
const delay = 1000

// Rejects when the request is given up.
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

// The answer, with a body that comes as this says.
const streamed = async (
  answer: Response,
  pull: (controller: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array) => void | Promise<void>
): Promise<Response> => {
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const headers = new Headers(answer.headers)
  headers.delete("content-length")
  return new Response(new ReadableStream<Uint8Array>({ pull: (controller) => pull(controller, bytes) }), {
    status: answer.status,
    headers
  })
}

// Half of the bytes, and then the connection breaks.
const cutShort = (answer: Response): Promise<Response> => {
  let isSent = false
  return streamed(answer, (controller, bytes) => {
    if (isSent) controller.error(new TypeError("terminated"))
    else controller.enqueue(bytes.subarray(0, bytes.length >> 1))
    isSent = true
  })
}

const reset = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"))

/**
 * responses/answered: answers that do not arrive.
 */
const lost: ReadonlyArray<Mutant> = [
  {
    id: "resets-going-back",
    law: "responses/answered",
    operation: "connections.list",
    summary: "Breaks the connection where a list is asked for what is before a cursor",
    subtle: true,
    mutate: insteadOf("connections.list", ({ query }) => query.has("before"), reset),
    shows: (store) => [list(`before=${at(store, 100)}`)]
  },
  {
    id: "resets-unknown-ids",
    law: "responses/answered",
    operation: "connections.get",
    summary: "Breaks the connection where a 404 is due",
    mutate: rewriteAnswer("connections.get", 404, reset),
    shows: () => [get(unknownId)]
  },
  {
    id: "body-cut-short",
    law: "responses/answered",
    operation: "connections.get",
    summary: "Sends half of a connection and breaks off",
    mutate: rewriteAnswer("connections.get", 200, cutShort),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "large-pages-cut-short",
    law: "responses/answered",
    operation: "connections.list",
    summary: "Breaks off in the middle of pages of more than 20 kB",
    subtle: true,
    mutate: rewriteAnswer("connections.list", 200, async (answer) =>
      (await answer.clone().arrayBuffer()).byteLength > 20_000 ? cutShort(answer) : answer
    ),
    shows: () => [list("limit=100")]
  },
  {
    id: "deletions-reset",
    law: "responses/answered",
    operation: "connections.delete",
    summary: "Deletes, and breaks the connection in the place of an answer",
    writes: true,
    mutate: rewriteAnswer("connections.delete", "success", reset),
    shows: (store) => [remove(at(store, 0))]
  }
]

/**
 * responses/time: answers that are late.
 */
const late: ReadonlyArray<Mutant> = [
  {
    id: "slow-get",
    law: "responses/time",
    operation: "connections.get",
    summary: "Takes a second to get a connection",
    mutate: inFront((emulator) => async (asked) => {
      if (asked.operation === "connections.get") await sleep(asked.request.signal)
      return emulator(asked.request)
    }),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "slow-search",
    law: "responses/time",
    operation: "connections.list",
    summary: "Takes a second to search",
    subtle: true,
    mutate: inFront((emulator) => async (asked) => {
      if (asked.operation === "connections.list" && asked.query.has("search")) await sleep(asked.request.signal)
      return emulator(asked.request)
    }),
    shows: () => [list("search=a")]
  },
  {
    id: "slow-bodies-of-large-pages",
    law: "responses/time",
    operation: "connections.list",
    summary: "Sends the headers of large pages at once and the body a second later",
    subtle: true,
    mutate: insteadOf(
      "connections.list",
      ({ query }) => Number(query.get("limit")) >= 90,
      (answer, { request }) =>
        streamed(answer, async (controller, bytes) => {
          await sleep(request.signal)
          controller.enqueue(bytes)
          controller.close()
        })
    ),
    shows: () => [list("limit=90")]
  }
]

/**
 * responses/content-type: what an answer says it is.
 */
const contentTypes: ReadonlyArray<Mutant> = [
  {
    id: "get-as-html",
    law: "responses/content-type",
    operation: "connections.get",
    summary: "Calls the JSON of a connection HTML",
    mutate: rewriteAnswer("connections.get", 200, (answer) =>
      withParts(answer, { headers: { "content-type": "text/html; charset=utf-8" } })
    ),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "lists-without-content-type",
    law: "responses/content-type",
    operation: "connections.list",
    summary: "Does not say what a list is",
    mutate: rewriteAnswer("connections.list", 200, (answer) =>
      withParts(answer, { headers: { "content-type": undefined } })
    ),
    shows: () => [list()]
  },
  {
    id: "errors-as-text",
    law: "responses/content-type",
    operation: "connections.list",
    summary: "Calls the JSON of an error plain text",
    subtle: true,
    mutate: rewriteAnswer("connections.list", "failure", (answer) =>
      withParts(answer, { headers: { "content-type": "text/plain" } })
    ),
    shows: () => [list("limit=0")]
  }
]

const unnamed = (answer: Response): Promise<Response> => withParts(answer, { headers: { "x-request-id": undefined } })

/**
 * responses/headers: the id of the request.
 */
const headers: ReadonlyArray<Mutant> = [
  {
    id: "lists-without-request-id",
    law: "responses/headers",
    operation: "connections.list",
    summary: "Answers lists without an x-request-id",
    mutate: rewriteAnswer("connections.list", 200, unnamed),
    shows: () => [list()]
  },
  {
    id: "later-pages-without-request-id",
    law: "responses/headers",
    operation: "connections.list",
    summary: "Leaves the x-request-id out where a page was asked for by a cursor",
    subtle: true,
    mutate: insteadOf("connections.list", isContinued, unnamed),
    shows: (store) => [list(`order=asc&after=${at(store, 100)}`)]
  },
  {
    id: "errors-without-request-id",
    law: "responses/headers",
    operation: "connections.get",
    summary: "Leaves the x-request-id out of errors",
    subtle: true,
    mutate: rewriteAnswer("connections.get", "failure", unnamed),
    shows: () => [get(unknownId)]
  },
  {
    id: "connections-without-domains-without-request-id",
    law: "responses/headers",
    operation: "connections.get",
    summary: "Leaves the x-request-id out of the answer with a connection that has no domains",
    subtle: true,
    mutate: insteadOf(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.domains.length === 0,
      unnamed
    ),
    shows: (store) => [get(find(store, ({ domains }) => domains.length === 0).id)]
  }
]

export const transport: ReadonlyArray<Mutant> = [...lost, ...late, ...contentTypes, ...headers]
