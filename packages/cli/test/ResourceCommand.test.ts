// Commands of a resource without an entry in the presentations.
import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Id from "@effect-workos/domain/Id"
import * as OpenEnum from "@effect-workos/domain/OpenEnum"
import * as Pagination from "@effect-workos/domain/Pagination"
import * as Resource from "@effect-workos/domain/Resource"
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import * as Cli from "../src/Cli.ts"
import { listen } from "./proxy.ts"
import { folder, inProcess, key } from "./running.ts"

const Note = Wire.Struct({
  object: Schema.Literal("note"),
  id: Id.make("note"),
  organizationId: Schema.optionalKey(Id.make("org")),
  name: Schema.String,
  state: OpenEnum.make(["open", "closed"], /[a-z]{4}/),
  isPinned: Schema.Boolean,
  wordCount: Schema.Int,
  labels: Schema.Array(Wire.Struct({ id: Id.make("label"), name: Schema.String })),
  settings: Schema.optionalKey(Schema.NullOr(Wire.Struct({ fontSize: Schema.Int }))),
  closedAt: Schema.NullOr(Timestamp),
  createdAt: Timestamp
})

const teamNotes = Resource.make("teamNotes", {
  list: Endpoint.get("/team_notes", {
    summary: "List team notes",
    query: Wire.Struct({
      ...Pagination.query("note"),
      authorId: Schema.optional(Id.make("user")),
      labels: Schema.optional(Pagination.CommaSeparated(Schema.String)),
      state: Schema.optional(Schema.Literals(["open", "closed"])),
      isPinned: Schema.optional(Schema.Boolean),
      minWords: Schema.optional(Schema.Int),
      rangeStart: Schema.optional(Timestamp)
    }),
    item: Note
  }),
  get: Endpoint.get("/team_notes/:id", { summary: "Get a team note", params: { id: Id.make("note") }, success: Note })
})

const cli = Cli.make([teamNotes])

const note = {
  object: "note",
  id: "note_01E4ZCR3C56J083X43JQXF3JK5",
  name: "Plans",
  state: "open",
  is_pinned: true,
  word_count: 7,
  labels: [
    { id: "label_1", name: "2026" },
    { id: "label_2", name: "draft" }
  ],
  settings: { font_size: 12 },
  closed_at: null,
  created_at: "2026-01-15T12:00:00.000Z"
}

const served = Effect.map(
  Effect.suspend(() => {
    const urls: Array<string> = []
    return Effect.map(
      listen(({ url = "" }, response) => {
        urls.push(decodeURIComponent(url))
        const isOne = url.startsWith("/team_notes/")
        const page = { object: "list", data: [note], list_metadata: { before: null, after: null } }
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(isOne ? note : page))
      }),
      (url) => ({ url, urls })
    )
  }),
  ({ url, urls }) => ({ urls, env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url } })
)

describe("a resource without a presentation", () => {
  it.effect("A derived `list` has a flag for each query parameter, and shows id, name, state and date", () =>
    Effect.gen(function* () {
      const { env, urls } = yield* served
      const flags =
        "--author user_1 --label 2026 --label draft --state open --is-pinned --min-words 5 --since 2026-01-15T12:00:00Z"
      const { code, stderr, stdout } = yield* inProcess(`team-notes list ${flags}`, { env }, cli)
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(
        stdout,
        /^ID +NAME +STATE +CREATED +ORGANIZATION\nnote_01E4ZCR3C56J083X43JQXF3JK5 +Plans +open +2026-01-15\n$/
      )
      const query = new URL(urls[0] ?? "", "http://workos.test").searchParams
      assert.deepStrictEqual(Object.fromEntries(query), {
        order: "desc",
        author_id: "user_1",
        labels: "2026,draft",
        state: "open",
        is_pinned: "true",
        min_words: "5",
        range_start: "2026-01-15T12:00:00.000Z"
      })
    })
  )

  it.effect("A derived `list` refuses values that the query does not accept", () =>
    Effect.gen(function* () {
      for (const [args, sentence] of [
        ["--author org_1", /^Invalid --author "org_1": expected an id that starts with user_\. See /],
        ["--state ajar", /^Invalid --state "ajar": expected /],
        ["--min-words many", /^Invalid --min-words "many": expected /],
        ["--autor user_1", /^Unknown flag --autor\. Did you mean --author\? See /]
      ] as const) {
        const { code, stderr } = yield* inProcess(`team-notes list ${args}`, {}, cli)
        assert.match(stderr, sentence)
        assert.strictEqual(code, 2)
      }
    })
  )

  it.effect("A derived `get` shows all fields", () =>
    Effect.gen(function* () {
      const { env } = yield* served
      const { stdout } = yield* inProcess(`team-notes get ${note.id}`, { env }, cli)
      assert.strictEqual(
        stdout,
        [
          "Id            note_01E4ZCR3C56J083X43JQXF3JK5",
          "Name          Plans",
          "State         open",
          "Is pinned     true",
          "Word count    7",
          "Labels        2026",
          "              draft",
          "Settings      font_size: 12",
          "Created       2026-01-15 12:00:00 UTC",
          ""
        ].join("\n")
      )
    })
  )

  it.effect("A derived `export` to CSV writes one column per field", () =>
    Effect.gen(function* () {
      const { env } = yield* served
      const file = `${yield* folder}/notes.csv`
      const { stderr } = yield* inProcess(`export team-notes -o ${file} --concurrency 1`, { env }, cli)
      assert.match(stderr, /^Exported 1 team notes to .*notes\.csv in /)
      assert.strictEqual(
        readFileSync(file, "utf8"),
        "id,organization_id,name,state,is_pinned,word_count,labels,settings,closed_at,created_at\r\n" +
          `${note.id},,Plans,open,true,7,2026;draft,"{""font_size"":12}",,2026-01-15T12:00:00.000Z\r\n`
      )
    }).pipe(Effect.scoped)
  )
})
