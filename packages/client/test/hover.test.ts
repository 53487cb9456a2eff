// Texts that editors show for derived methods and for the inferred types of their results, from the TypeScript language
// service.
import ts from "typescript-api"
import { join } from "node:path"
import { isExhaustive } from "@effect-workos/testing/Sample"
import { afterAll, assert, describe, it } from "vitest"

const workspace = join(import.meta.dirname, "../../..")

// `/*name*/` marks the identifier that follows it.
const source = `
import * as ApiError from "@effect-workos/domain/ApiError"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Id from "@effect-workos/domain/Id"
import * as Pagination from "@effect-workos/domain/Pagination"
import * as Resource from "@effect-workos/domain/Resource"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Client from "../src/Client.ts"
import { Connections } from "../src/Connections.ts"
import { Events } from "../src/Events.ts"
import { Organizations } from "../src/Organizations.ts"
import { Sso } from "../src/Sso.ts"

class Session extends Schema.Opaque<Session>()(Wire.Struct({ id: Id.make("session") })) {}
class SessionQuery extends Schema.Opaque<SessionQuery>()(Wire.Struct(Pagination.query("session"))) {}

const users = Resource.make("users", {
  /** Returns a page of the sessions of a user. */
  listSessions: Endpoint.get("/users/:user_id/sessions", {
    summary: "List sessions",
    params: { user_id: Id.make("user") },
    query: SessionQuery,
    item: Session,
    errors: [ApiError.NotFound]
  })
})

class Users extends Client.Service<Users>()("test/Users", users) {}

export const program = Effect.gen(function* () {
  const connections = yield* Connections
  const organizations = yield* Organizations
  const users = yield* Users
  const sso = yield* Sso
  const events = yield* Events

  const /*connection*/connection = yield* connections./*get*/get("conn_1")
  const /*page*/page = yield* connections./*list*/list({ limit: 20 })
  const /*created*/created = yield* organizations./*create*/create({ name: "Foo Corp" })
  const /*updated*/updated = yield* organizations./*update*/update("org_1", { name: "Foo" })
  const /*deleted*/deleted = yield* connections./*delete*/delete("conn_1")
  const /*rows*/rows = connections./*stream*/stream({ connectionType: "OktaSAML" })
  const /*sessions*/sessions = yield* users./*listSessions*/listSessions("user_1")
  const /*sessionRows*/sessionRows = users.listSessions./*sessionStream*/stream("user_1")
  const event = (yield* events./*events*/list()).data[0]
  const keys = yield* sso./*jwks*/jwks("client_1")
  const encodedRows = connections.list.encoded./*encodedStream*/stream()
  const encodedConnection = connections.get./*encodedGet*/encoded("conn_1")

  type /*encodedCreatedAt*/EncodedCreatedAt = Stream.Success<typeof encodedRows>["created_at"]
  type /*encodedStreamError*/EncodedStreamError = Stream.Error<typeof encodedRows>
  type /*encodedError*/EncodedError = Effect.Error<typeof encodedConnection>
  return [connection, page, created, updated, deleted, rows, sessions, sessionRows, event, keys] satisfies ReadonlyArray<
    unknown | EncodedCreatedAt | EncodedStreamError | EncodedError
  >
})
`

// The program is not on disk.
const file = join(import.meta.dirname, "hovered.ts")

const { config }: { readonly config?: unknown } = ts.readConfigFile(
  join(workspace, "tsconfig.base.json"),
  ts.sys.readFile
)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, workspace)

const read = (path: string): string | undefined => (path === file ? source : ts.sys.readFile(path))

const host: ts.LanguageServiceHost = {
  // The types of Node and of browsers do not change the texts, and take seconds to load.
  getCompilationSettings: () => ({ ...options, composite: false, incremental: false, lib: ["lib.es2024.d.ts"] }),
  getCurrentDirectory: () => workspace,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getScriptFileNames: () => [file],
  getScriptVersion: () => "1",
  getScriptSnapshot: (path) => {
    const text = read(path)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  fileExists: (path) => path === file || ts.sys.fileExists(path),
  readFile: read,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories
}

let service: ts.LanguageService | undefined

const getService = () => (service ??= ts.createLanguageService(host))

// The program needs hundreds of megabytes, which would slow down the garbage collections of other test files.
afterAll(() => {
  service?.dispose()
  service = undefined
})

/** The text and the docstring that an editor shows, without line breaks and without the names of modules before types. */
const hover = (name: string) => {
  const info = getService().getQuickInfoAtPosition(file, source.indexOf(`/*${name}*/`) + name.length + 4)
  const [text, docs] = [info?.displayParts, info?.documentation].map((parts) =>
    ts.displayPartsToString(parts).replaceAll(/\s+/g, " ")
  )
  return { text: text?.replaceAll(/\b(?:ApiError|Client|Effect|Pagination|Stream)\.(?=[A-Z])/g, ""), docs }
}

const streamDocs = "Streams all rows, page by page. The next page is fetched while the current page is consumed."

const listErrors = "Unauthorized | Forbidden | UnprocessableEntity | TooManyRequests | ClientError"

// The compiler takes longer than any other test, and `pnpm check` compiles the same types.
describe.runIf(isExhaustive)("an editor", { timeout: 180_000 }, () => {
  it("An editor reports no errors in a program with derived methods", () => {
    const messages = getService()
      .getSemanticDiagnostics(file)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
    assert.deepStrictEqual(messages, [])
  })

  it.each([
    {
      name: "get",
      text:
        "(property) get: Method (id: string) => " +
        "Effect<Connection, Unauthorized | Forbidden | NotFound | TooManyRequests | ClientError, never>",
      docs: "Returns a connection."
    },
    {
      name: "list",
      text:
        '(property) list: ListMethod <"fail">(options?: (ConnectionQuery & InvalidRows<"fail">) | undefined) => ' +
        `Effect<Page<Connection>, ${listErrors}, never>`,
      docs: "Returns a page of connections. `order` defaults to `desc`."
    },
    {
      name: "events",
      text:
        '(property) list: ListMethod <"fail">(options?: (EventQuery & InvalidRows<"fail">) | undefined) => ' +
        "Effect<Page<Event>, BadRequest | Unauthorized | UnprocessableEntity | TooManyRequests | ClientError, never>",
      docs: "Returns a page of events. `order` defaults to `desc`."
    },
    {
      name: "jwks",
      text: "(property) jwks: Method (clientId: string) => Effect<Jwks, NotFound | TooManyRequests | ClientError, never>",
      docs:
        "Returns the keys that verify access tokens of an application. `@effect-workos/server` fetches, caches and uses " +
        "them."
    },
    {
      name: "stream",
      text:
        '(property) stream: <"fail">(options?: (Filters<ConnectionQuery> & Range & InvalidRows<"fail">) | undefined) => ' +
        `Stream<Connection, ${listErrors} | CursorRepeated, never>`,
      docs: streamDocs
    },
    {
      name: "create",
      text:
        "(property) create: Method (options: CreateOrganization) => Effect<Organization, " +
        "BadRequest | Unauthorized | Conflict | UnprocessableEntity | TooManyRequests | ClientError, never>",
      docs:
        "Creates an organization. Fails with `BadRequest` if another organization has the same `externalId`, and with " +
        "`Conflict` if another organization has one of the domains."
    },
    {
      name: "update",
      text:
        "(property) update: Method (id: string, options?: UpdateOrganization | undefined) => Effect<Organization, " +
        "BadRequest | Unauthorized | Forbidden | NotFound | Conflict | UnprocessableEntity | TooManyRequests | " +
        "ClientError, never>",
      docs:
        "Updates an organization. Absent fields stay unchanged, and `null` removes a value. `domainData` replaces all " +
        "domains."
    },
    {
      name: "delete",
      text:
        "(property) delete: (id: string) => " +
        "Effect<void, Unauthorized | Forbidden | NotFound | TooManyRequests | ClientError, never>",
      docs: "Permanently deletes a connection."
    },
    {
      name: "listSessions",
      text:
        '(property) listSessions: ListMethod <"fail">(userId: string, ' +
        'options?: (SessionQuery & InvalidRows<"fail">) | undefined) => ' +
        "Effect<Page<Session>, Unauthorized | NotFound | TooManyRequests | ClientError, never>",
      docs: "Returns a page of the sessions of a user."
    }
  ])("An editor shows the docstring, labelled parameters and named errors of $name", ({ docs, name, text }) => {
    assert.deepStrictEqual(hover(name), { text, docs })
  })

  // The text also contains the type of the list, which editors abbreviate.
  it.each([
    {
      name: "sessionStream",
      signature:
        'stream: <"fail">(userId: string, options?: (Filters<SessionQuery> & Range & InvalidRows<"fail">) | undefined) => ' +
        "Stream<Session, Unauthorized | NotFound | TooManyRequests | ClientError | CursorRepeated, never>",
      docs: streamDocs
    },
    {
      name: "encodedStream",
      signature:
        'stream: <"fail">(options?: (Filters<ConnectionQuery> & Range & InvalidRows<"fail">) | undefined) => ' +
        "Stream<{ readonly id: ",
      docs: streamDocs
    },
    {
      name: "encodedGet",
      signature: "encoded: (id: string) => Effect<{ readonly id: ",
      docs: "Returns the result in the form that the server sent, validated: snake_case keys, timestamps as strings."
    }
  ])(
    "An editor shows the docstring and the signature of $name, which belongs to another method",
    ({ docs, name, signature }) => {
      const shown = hover(name)
      assert.include(shown.text, signature)
      assert.strictEqual(shown.docs, docs)
    }
  )

  it.each([
    { name: "connection", text: "const connection: Connection" },
    { name: "page", text: "const page: Page<Connection>" },
    { name: "created", text: "const created: Organization" },
    { name: "updated", text: "const updated: Organization" },
    { name: "deleted", text: "const deleted: void" },
    { name: "rows", text: `const rows: Stream<Connection, ${listErrors} | CursorRepeated, never>` },
    { name: "sessions", text: "const sessions: Page<Session>" },
    {
      name: "sessionRows",
      text:
        "const sessionRows: " +
        "Stream<Session, Unauthorized | NotFound | TooManyRequests | ClientError | CursorRepeated, never>"
    },
    { name: "encodedCreatedAt", text: "type EncodedCreatedAt = string" },
    { name: "encodedStreamError", text: `type EncodedStreamError = ${listErrors} | CursorRepeated` },
    {
      name: "encodedError",
      text: "type EncodedError = Unauthorized | Forbidden | NotFound | TooManyRequests | ClientError"
    }
  ])("An editor shows that $text is inferred", ({ name, text }) => {
    assert.strictEqual(hover(name).text, text)
  })
})
