// The notes API: notes, a search and a health check, with conventions that differ from those of WorkOS.
import type { ApiConventions } from "../../src/ApiConventions.ts"
import { equals } from "../../src/ApiConventions.ts"
import { laws } from "../../src/laws.ts"
import * as Suite from "../../src/Suite.ts"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Schema from "effect/Schema"

const NoteId = Schema.String.check(Schema.isPattern(/^n-[0-9a-f]{10}$/))

export const Note = Schema.Struct({
  id: NoteId,
  author: Schema.String,
  tags: Schema.Array(Schema.String),
  text: Schema.String,
  written: Schema.String.annotate({ format: "date-time" }),
  edited: Schema.String.annotate({ format: "date-time" })
})
export interface Note extends Schema.Schema.Type<typeof Note> {}

const reason = { reason: Schema.String }

export class Refused extends Schema.TaggedError<Refused>()("Refused", reason, { httpApiStatus: 400 }) {}
export class Stranger extends Schema.TaggedError<Stranger>()("Stranger", reason, { httpApiStatus: 401 }) {}
export class Missing extends Schema.TaggedError<Missing>()("Missing", reason, { httpApiStatus: 404 }) {}

/** The key is the only content of its header. */
export class Key extends HttpApiMiddleware.Service<Key>()("test/notes/Key", {
  security: { key: HttpApiSecurity.apiKey({ key: "x-api-key" }) },
  error: Stranger
}) {}

/** Responds to invalid requests with the API's own error. */
export class Understanding extends HttpApiMiddleware.Service<Understanding>()("test/notes/Understanding") {}

const Tag = Schema.String.check(Schema.isPattern(/^[a-z]{2,8}$/))
const Author = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(40))

const NotesGroup = HttpApiGroup.make("notes")
  .add(
    HttpApiEndpoint.get("list", "/notes", {
      query: {
        page_size: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))),
        starting_after: Schema.optional(NoteId),
        ending_before: Schema.optional(NoteId),
        sort: Schema.optional(Schema.Literals(["oldest", "newest"])),
        author: Schema.optional(Author),
        tag: Schema.optional(Tag)
      },
      success: Schema.Struct({
        items: Schema.Array(Note),
        paging: Schema.Struct({
          next_cursor: Schema.optionalKey(NoteId),
          previous_cursor: Schema.optionalKey(NoteId)
        })
      }),
      error: Refused
    }),
    HttpApiEndpoint.get("get", "/notes/:id", { params: { id: NoteId }, success: Note, error: Missing }),
    HttpApiEndpoint.post("create", "/notes", {
      payload: Schema.Struct({ author: Author, text: Schema.String, tags: Schema.optionalKey(Schema.Array(Tag)) }),
      success: Note.pipe(HttpApiSchema.status(201)),
      error: Refused
    }),
    HttpApiEndpoint.delete("delete", "/notes/:id", {
      params: { id: NoteId },
      success: HttpApiSchema.NoContent,
      error: Missing
    }),
    HttpApiEndpoint.get("search", "/search", {
      headers: { "x-tenant": Schema.String.check(Schema.isMinLength(1)) },
      query: { q: Schema.String.check(Schema.isMinLength(1)), whole: Schema.optional(Schema.Literals(["yes", "no"])) },
      success: Schema.Struct({ hits: Schema.Array(Note) }),
      error: Refused
    })
  )
  .middleware(Key)

const HealthGroup = HttpApiGroup.make("health").add(
  HttpApiEndpoint.get("check", "/health", { success: Schema.Struct({ status: Schema.Literal("up") }) })
)

export const NotesApi = HttpApi.make("notes-api").add(HealthGroup).add(NotesGroup).middleware(Understanding)

const tags = (row: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Array.isArray(row["tags"]) ? row["tags"].filter((tag) => typeof tag === "string") : []

const conventions: ApiConventions = {
  lists: {
    items: ["items"],
    pagination: {
      _tag: "Cursor",
      cursors: "ids",
      after: "starting_after",
      before: "ending_before",
      next: ["paging", "next_cursor"],
      previous: ["paging", "previous_cursor"]
    },
    limit: { parameter: "page_size", defaultValue: 20, maximum: 50 },
    order: { parameter: "sort", ascending: "oldest", descending: "newest" },
    id: "id",
    created: "written"
  },
  filters: {
    "notes.list": [
      equals("author"),
      {
        parameter: "tag",
        sample: tags,
        matches: (row, value) => tags(row).includes(value),
        nearMisses: (row) => tags(row).flatMap((tag) => (tag.length > 2 ? [tag.slice(1), tag.slice(0, -1)] : []))
      }
    ]
  },
  timestamps: ["written", "edited"]
}

/** The notes API with its conventions and the laws for any API. */
export const suite = Suite.make({ api: NotesApi, conventions, laws })
