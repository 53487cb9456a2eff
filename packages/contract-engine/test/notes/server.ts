// A hand-written server for the notes API, with an optional fault.
import { type Note, Key, Missing, NotesApi, Refused, Stranger, Understanding } from "./NotesApi.ts"
import * as Target from "../../src/Target.ts"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/**
 * The faults that the server can have.
 */
export type Fault =
  | "repeats the last row of a page on the next"
  | "matches prefixes of tags"
  | "accepts keys with the prefix of the key"
  | "keeps deleted notes"
  | "returns 202 for a search without results"
  | "searches without a tenant"
  | "returns pages of 51"

const key = Redacted.make("notes_live_q8Xw1")

const authors = ["ada", "grace", "barbara", "margaret"]
const words = ["todo", "idea", "ideas", "shop", "work"]

/**
 * Returns notes, oldest first; some have equal timestamps.
 */
export const notesOf = (count: number): Array<Note> =>
  Array.from({ length: count }, (_, index) => {
    const written = DateTime.formatIso(DateTime.makeUnsafe(1_700_000_000_000 + (index - (index % 3)) * 1000))
    return {
      id: idOf(index),
      author: authors[(index * 7) % authors.length] ?? "",
      tags: words.filter((_, place) => (index >> place) % 2 === 1),
      text: `Note ${index}, of ${words[index % words.length]}`,
      written,
      edited: written
    }
  })

const idOf = (number: number) => `n-${(((number + 1) * 0x9e3779b1) % 2 ** 40).toString(16).padStart(10, "0")}`

const isKey = (given: string, fault: Fault | undefined) =>
  fault === "accepts keys with the prefix of the key"
    ? given.startsWith(Redacted.value(key).slice(0, 12))
    : given === Redacted.value(key)

const layerKey = (fault: Fault | undefined) =>
  Layer.succeed(
    Key,
    Key.of({
      key: (effect, { credential }) =>
        isKey(Redacted.value(credential), fault) ? effect : Effect.fail(new Stranger({ reason: "no such key" }))
    })
  )

const refused = (status: number, _tag: string, reason: string) =>
  HttpServerResponse.jsonUnsafe({ _tag, reason }, { status })

// A malformed id is not found; other invalid input is refused.
const layerUnderstanding = Layer.succeed(Understanding, (effect) =>
  effect.pipe(
    Effect.map((response) => (response.status === 415 ? refused(400, "Refused", "the body must be JSON") : response)),
    Effect.catch((error) => {
      if (!HttpApiError.HttpApiSchemaError.is(error)) return Effect.fail(error)
      return Effect.succeed(
        error.kind === "Params" ? refused(404, "Missing", "no such note") : refused(400, "Refused", error.kind)
      )
    })
  )
)

const pageOf = (
  notes: ReadonlyArray<Note>,
  limit: number,
  cursors: { readonly after: number | undefined; readonly before: number | undefined },
  fault: Fault | undefined
) => {
  const { after, before } = cursors
  const overlap = fault === "repeats the last row of a page on the next" ? 1 : 0
  const start = after !== undefined ? after + 1 - overlap : before !== undefined ? Math.max(0, before - limit) : 0
  const end = before !== undefined ? before : start + limit
  const items = notes.slice(start, end)
  const last = items.at(-1)
  const first = items[0]
  return {
    items,
    paging: {
      ...(last !== undefined && end < notes.length ? { next_cursor: last.id } : {}),
      ...(first !== undefined && start > 0 ? { previous_cursor: first.id } : {})
    }
  }
}

const layerNotes = (notes: Array<Note>, fault: Fault | undefined) =>
  HttpApiBuilder.group(NotesApi, "notes", (handlers) => {
    let given = notes.length
    return handlers
      .handle("list", ({ query }) => {
        const { author, ending_before, page_size = 20, sort, starting_after, tag } = query
        const ordered = sort === "oldest" ? notes : notes.toReversed()
        if (starting_after !== undefined && ending_before !== undefined) {
          return Effect.fail(new Refused({ reason: "one cursor at a time" }))
        }
        const cursor = starting_after ?? ending_before
        if (cursor !== undefined && notes.every(({ id }) => id !== cursor)) {
          return Effect.fail(new Refused({ reason: "no such cursor" }))
        }
        const hasTag = ({ tags }: Note) =>
          tag === undefined ||
          (fault === "matches prefixes of tags" ? tags.some((one) => one.startsWith(tag)) : tags.includes(tag))
        const found = ordered.filter((note) => (author === undefined || note.author === author) && hasTag(note))
        // A cursor may be a note that does not match the filters.
        const place = ordered.findIndex(({ id }) => id === cursor)
        const preceding = found.filter((note) => ordered.indexOf(note) < place).length
        const isFound = found.some(({ id }) => id === cursor)
        return Effect.succeed(
          pageOf(
            found,
            page_size,
            {
              after: starting_after === undefined ? undefined : isFound ? preceding : preceding - 1,
              before: ending_before === undefined ? undefined : preceding
            },
            fault
          )
        )
      })
      .handle("get", ({ params }) => {
        const note = notes.find(({ id }) => id === params.id)
        return note === undefined ? Effect.fail(new Missing({ reason: params.id })) : Effect.succeed(note)
      })
      .handle("create", ({ payload }) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const written = DateTime.formatIso(DateTime.makeUnsafe(now))
          const note: Note = { tags: [], ...payload, id: idOf(++given), written, edited: written }
          notes.push(note)
          return note
        })
      )
      .handle("delete", ({ params }) => {
        const place = notes.findIndex(({ id }) => id === params.id)
        if (place === -1) return Effect.fail(new Missing({ reason: params.id }))
        if (fault !== "keeps deleted notes") notes.splice(place, 1)
        return Effect.void
      })
      .handle("search", ({ query }) =>
        Effect.succeed({
          hits: notes.filter(({ text }) => (query.whole === "yes" ? text === query.q : text.includes(query.q)))
        })
      )
  })

const layerHealth = HttpApiBuilder.group(NotesApi, "health", (handlers) =>
  handlers.handle("check", () => Effect.succeed({ status: "up" as const }))
)

const nothing = HttpRouter.add("*", "/*", refused(404, "Missing", "no such path"))

// Faults in HTTP responses, which the typed handlers cannot express.
const wrap =
  (serve: (request: Request) => Promise<Response>, fault: Fault | undefined) =>
  async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    if (fault === "searches without a tenant" && url.pathname === "/search" && !request.headers.has("x-tenant")) {
      return serve(new Request(request, { headers: [...request.headers, ["x-tenant", "all"]] }))
    }
    if (fault === "returns pages of 51" && url.searchParams.get("page_size") === "51") {
      url.searchParams.set("page_size", "50")
      return serve(new Request(url, request))
    }
    const response = await serve(request)
    if (fault !== "returns 202 for a search without results" || url.pathname !== "/search" || !response.ok)
      return response
    const text = await response.text()
    return new Response(text, { status: text === '{"hits":[]}' ? 202 : 200, headers: response.headers })
  }

/**
 * Returns the server with these notes as a target, without a socket. `intercept` responds to some requests instead.
 */
export const target = (
  notes: Array<Note>,
  fault?: Fault,
  intercept: (request: Request) => Response | undefined = () => undefined
): Layer.Layer<Target.Target> =>
  Target.layer({
    baseUrl: "http://localhost",
    credentials: { header: "x-api-key", key, variable: "NOTES_KEY" }
  }).pipe(
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const routes = yield* HttpRouter.toHttpEffect(
            Layer.mergeAll(
              HttpApiBuilder.layer(NotesApi).pipe(
                Layer.provide([layerNotes(notes, fault), layerHealth]),
                Layer.provide([layerKey(fault), layerUnderstanding])
              ),
              nothing
            ).pipe(Layer.provide(HttpServer.layerServices))
          )
          const serve = wrap(HttpEffect.toWebHandler(routes), fault)
          return HttpClient.transformResponse(
            client,
            Effect.provideService(FetchHttpClient.Fetch, async (input, init) => {
              const request = new Request(input, init)
              return intercept(request) ?? serve(request)
            })
          )
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )
