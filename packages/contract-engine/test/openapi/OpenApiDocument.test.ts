// Reading of OpenAPI documents: what an `HttpApi` keeps of them, and the issues that are reported.
import * as ApiOperation from "../../src/ApiOperation.ts"
import * as OpenApiDocument from "../../src/OpenApiDocument.ts"
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { sample } from "@effect-workos/testing/Sample"
import { NotesApi, suite as notes } from "../notes/NotesApi.ts"
import { documents } from "./documents.ts"

type Json = Readonly<Record<string, unknown>>

const ok = { description: "OK" }
const errors = { 400: ok }

/** A document with one operation, `GET /things`. */
const withOperation = (operation: Json, rest: Json = {}): Json => ({
  openapi: "3.1.0",
  info: { title: "Things", version: "1" },
  paths: { "/things": { get: { operationId: "list", responses: { 200: ok, ...errors }, ...operation } } },
  ...rest
})

/** A document whose only response has a schema. */
const withSchema = (schema: unknown, rest: Json = {}): Json =>
  withOperation({ responses: { 200: { ...ok, content: { "application/json": { schema } } }, ...errors } }, rest)

const messagesOf = (document: unknown) =>
  Effect.map(OpenApiDocument.read(document), ({ issues }) =>
    issues.map(({ kind, message, pointer }) => `${kind} ${pointer}: ${message}`)
  )

const operationsOf = (document: unknown) =>
  Effect.map(OpenApiDocument.read(document), ({ api }) => ApiOperation.operationsOf(api))

const successOf = (document: unknown) =>
  Effect.map(operationsOf(document), ([operation]) => {
    const body = operation && ApiOperation.successBody(operation)
    return (value: unknown) => body !== undefined && Schema.is(body)(value)
  })

const schemaPointer = "#/paths/~1things/get/responses/200/content/application~1json/schema"

describe("defects", () => {
  const defects: Readonly<Record<string, readonly [document: Json, issue: string]>> = {
    "a field that is required twice": [
      withSchema({ type: "object", properties: { id: { type: "string" } }, required: ["id", "id"] }),
      `defect ${schemaPointer}/required: required contains id more than once`
    ],
    "a required field without a schema": [
      withSchema({ type: "object", properties: { id: { type: "string" } }, required: ["id", "name"] }),
      `defect ${schemaPointer}: the required field name is not one of the properties`
    ],
    "a reference without a target": [
      withSchema({ $ref: "#/components/schemas/Thing" }),
      `defect ${schemaPointer}: the reference #/components/schemas/Thing has no target`
    ],
    "a reference to another file": [
      withSchema({ $ref: "thing.yaml#/Thing" }),
      `unsupported ${schemaPointer}: thing.yaml#/Thing is in another file`
    ],
    "an operation without an id": [
      withOperation({ operationId: undefined }),
      "defect #/paths/~1things/get: the operation has no operationId"
    ],
    "two operations with the same id": [
      withOperation(
        {},
        {
          paths: {
            "/a": { get: { operationId: "list", responses: { 200: ok, ...errors } } },
            "/b": { get: { operationId: "list", responses: { 200: ok, ...errors } } }
          }
        }
      ),
      "defect #/paths/~1b/get/operationId: the operationId list is not unique"
    ],
    "a path parameter that is not declared": [
      withOperation(
        {},
        { paths: { "/things/{id}": { get: { operationId: "get", responses: { 200: ok, ...errors } } } } }
      ),
      "defect #/paths/~1things~1{id}: the path parameter id is not declared"
    ],
    "a path parameter that the path does not contain": [
      withOperation({ parameters: [{ in: "path", name: "id", required: true, schema: { type: "string" } }] }),
      "defect #/paths/~1things/get/parameters/0: the path does not contain the parameter id"
    ],
    "a parameter that occurs twice": [
      withOperation({ parameters: [1, 2].map(() => ({ in: "query", name: "q", schema: { type: "string" } })) }),
      "defect #/paths/~1things/get/parameters: the parameter q occurs more than once"
    ],
    "nullable in OpenAPI 3.1": [
      withSchema({ type: "string", nullable: true }),
      `defect ${schemaPointer}: nullable is not a keyword of OpenAPI 3.1`
    ],
    "properties without a type": [
      withSchema({ properties: { id: { type: "string" } } }),
      `defect ${schemaPointer}: the schema has properties, but no type`
    ],
    "an unknown type": [
      withSchema({ type: "int" }),
      `defect ${schemaPointer}/type: int is not a type, and is read as integer`
    ],
    "an invalid pattern": [
      withSchema({ type: "string", pattern: "[" }),
      `defect ${schemaPointer}/pattern: the pattern is not a regular expression`
    ],
    "contradictory bounds": [
      withSchema({ type: "integer", minimum: 5, maximum: 2 }),
      `defect ${schemaPointer}: minimum exceeds maximum`
    ],
    "an enumeration with values of another type": [
      withSchema({ type: "string", enum: ["yes", false] }),
      `defect ${schemaPointer}/enum: false in an enumeration of type string`
    ],
    "an example that does not match its schema": [
      withSchema({ type: "integer", example: "one" }),
      `defect ${schemaPointer}: the example does not match its schema: Expected number`
    ],
    "an unknown security scheme": [
      withOperation({ security: [{ key: [] }] }),
      "defect #/security: the security scheme key does not exist"
    ],
    "a status that does not exist": [
      withOperation({ responses: { 200: ok, ok, ...errors } }),
      "defect #/paths/~1things/get/responses/ok: ok is not a status of a response"
    ],
    "responses without errors": [
      withOperation({ responses: { 200: ok } }),
      "defect #/paths/~1things/get/responses: no response for errors is documented, so every 4xx is accepted"
    ],
    "a keyword that cannot be verified": [
      withSchema({ type: "array", items: {}, contains: { type: "string" } }),
      `unsupported ${schemaPointer}/contains: the keyword contains cannot be verified`
    ]
  }
  for (const [name, [document, issue]] of Object.entries(defects)) {
    it.effect(`reads a document with ${name}, and reports it`, () =>
      Effect.gen(function* () {
        assert.include(yield* messagesOf(document), issue)
      })
    )
  }

  it.effect("reports nothing for a document without defects", () =>
    Effect.gen(function* () {
      const schema = { $ref: "#/components/schemas/Thing" }
      const components = {
        schemas: { Thing: { type: "object", properties: { id: { type: "string", example: "a" } }, required: ["id"] } }
      }
      assert.deepEqual(yield* messagesOf(withSchema(schema, { components })), [])
    })
  )
})

describe("schemas", () => {
  it.effect("merges allOf, and regards unnamed fields as undocumented", () =>
    Effect.gen(function* () {
      const [operation] = yield* operationsOf(
        withSchema(
          {
            allOf: [{ $ref: "#/components/schemas/Base" }, { type: "object", properties: { name: { type: "string" } } }]
          },
          { components: { schemas: { Base: { type: "object", properties: { id: { type: "string" } } } } } }
        )
      )
      const body = operation && ApiOperation.successBody(operation)
      assert.deepEqual(body && ApiOperation.fieldsOf(body), ["id", "name"])
    })
  )

  it.effect("accepts null for nullable schemas of OpenAPI 3.0 and for types of 3.1", () =>
    Effect.gen(function* () {
      const is30 = yield* successOf({
        ...withSchema({ type: "string", enum: ["a"], nullable: true }),
        openapi: "3.0.3"
      })
      const is31 = yield* successOf(withSchema({ type: ["string", "null"] }))
      assert.deepEqual([is30(null), is30("a"), is30("b"), is31(null), is31(1)], [true, true, false, true, false])
    })
  )

  it.effect("hides read-only fields in requests, and write-only fields in responses", () =>
    Effect.gen(function* () {
      const schema = {
        type: "object",
        required: ["id", "password", "name"],
        properties: {
          id: { type: "string", readOnly: true },
          password: { type: "string", writeOnly: true },
          name: { type: "string" }
        }
      }
      const content = { "application/json": { schema } }
      const [operation] = yield* operationsOf(
        withOperation(
          {},
          {
            paths: {
              "/things": {
                post: {
                  operationId: "create",
                  requestBody: { content },
                  responses: { 201: { ...ok, content }, ...errors }
                }
              }
            }
          }
        )
      )
      const body = operation && ApiOperation.successBody(operation)
      assert.deepEqual(body && ApiOperation.fieldsOf(body), ["id", "name"])
      assert.deepEqual(operation?.payload && ApiOperation.fieldsOf(operation.payload), ["password", "name"])
    })
  )

  it.effect("accepts what the schemas of an HttpApi accept, after a round trip through its OpenAPI document", () =>
    Effect.gen(function* () {
      const imported = yield* operationsOf(OpenApi.fromApi(NotesApi))
      for (const original of notes.operations) {
        const operation = imported.find(({ method, path }) => method === original.method && path === original.path)
        assert.deepEqual(
          operation?.query.map(({ name }) => name),
          original.query.map(({ name }) => name)
        )
        assert.deepEqual(operation?.isProtected, original.isProtected)
        const [before, after] = [original, operation].map((one) => one && ApiOperation.successBody(one))
        if (before === undefined || after === undefined) continue
        const values = yield* Arbitrary.sampleEffect(Arbitrary.schema(before), { count: 20, seed: original.id })
        for (const value of values) assert.isTrue(Schema.is(after)(value), original.id)
      }
    })
  )
})

describe("operations", () => {
  it.effect("sends lists as their parameters describe them", () =>
    Effect.gen(function* () {
      const list = { type: "array", items: { type: "integer" } }
      const [operation] = yield* operationsOf(
        withOperation({
          parameters: [
            { in: "query", name: "plain", schema: list },
            { in: "query", name: "commas", explode: false, schema: list },
            { in: "query", name: "pipes", style: "pipeDelimited", schema: list }
          ]
        })
      )
      const accepts = (name: string, text: string) =>
        operation?.query.find((parameter) => parameter.name === name)?.accepts(text)
      assert.deepEqual(
        [accepts("plain", "1"), accepts("commas", "1,2"), accepts("commas", "1,x"), accepts("pipes", "1|2")],
        [true, true, false, true]
      )
    })
  )

  it.effect("generates values of the documented formats, and no empty path parameters", () =>
    Effect.gen(function* () {
      const isValid: Readonly<Record<string, (text: string) => boolean>> = {
        uuid: (text) => Schema.is(Schema.String.check(Schema.isUUID()))(text),
        date: (text) => new Date(text).toISOString().startsWith(text),
        "date-time": (text) => !Number.isNaN(Date.parse(text)),
        email: (text) => /^[^\s@]+@[^\s@]+\.[a-z]+$/.test(text),
        uri: (text) => URL.canParse(text),
        ipv4: (text) => text === new URL(`http://${text}`).hostname,
        none: (text) => text !== ""
      }
      const [operation] = yield* operationsOf(
        withOperation(
          {},
          {
            paths: {
              [`/things/${Object.keys(isValid)
                .map((format) => `{${format}}`)
                .join("/")}`]: {
                get: {
                  operationId: "get",
                  parameters: Object.keys(isValid).map((format) => ({
                    in: "path",
                    name: format,
                    required: true,
                    schema: { type: "string", format }
                  })),
                  responses: { 200: ok, ...errors }
                }
              }
            }
          }
        )
      )
      const params = operation?.endpoint.params
      if (params === undefined) return assert.fail("no parameters")
      const schema = Schema.make<Schema.Codec<Readonly<Record<string, string>>>>(params.ast)
      const values = yield* Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 200, seed: "formats" })
      for (const value of values) {
        for (const [format, accepts] of Object.entries(isValid)) {
          const text = value[format.replace("-", "_")] ?? ""
          assert.isTrue(accepts(text), `${format}: ${text}`)
        }
      }
    })
  )

  it.effect("names operations by their tag and id", () =>
    Effect.gen(function* () {
      const responses = { 200: ok, ...errors }
      const operations = yield* operationsOf(
        withOperation(
          {},
          {
            paths: {
              "/a": { get: { tags: ["User Accounts"], operationId: "user-accounts/list", responses } },
              "/b": { get: { tags: ["users"], operationId: "UsersController_list", responses } },
              "/c/{id}": { get: { responses } }
            }
          }
        )
      )
      assert.deepEqual(
        operations.map(({ id }) => id),
        ["userAccounts.userAccountsList", "users.list", "c.getCId"]
      )
    })
  )

  it.effect("documents every client error for default", () =>
    Effect.gen(function* () {
      const [operation] = yield* operationsOf(withOperation({ responses: { 200: ok, 404: ok, default: ok } }))
      assert.includeMembers(operation === undefined ? [] : [...operation.responses.keys()], [200, 400, 404, 429])
      assert.isFalse(operation?.responses.has(500))
    })
  )
})

describe("lists", () => {
  const string = { type: "string" }
  const parameters = (...names: ReadonlyArray<string>) =>
    [...names, "limit"].map((name) => ({ in: "query", name, schema: name === "after" ? string : { type: "integer" } }))
  const things = { type: "array", items: { type: "object", properties: { id: string, state: string } } }
  const listOf = (names: ReadonlyArray<string>, properties: Json, headers: Json = {}) =>
    withOperation({
      parameters: parameters(...names),
      responses: {
        200: {
          ...ok,
          headers,
          content: { "application/json": { schema: { type: "object", properties: { things, ...properties } } } }
        },
        ...errors
      }
    })
  const cases: Readonly<Record<string, readonly [document: Json, pagination: object | undefined]>> = {
    "an opaque cursor in an object with metadata": [
      listOf(["after"], { meta: { type: "object", properties: { next_cursor: string } } }),
      { _tag: "Cursor", cursors: "opaque", after: "after", next: ["meta", "next_cursor"] }
    ],
    "ids as cursors with has_more": [
      listOf(["after"], { has_more: { type: "boolean" } }),
      { _tag: "Cursor", cursors: "ids", after: "after", hasMore: ["has_more"] }
    ],
    "page numbers and the header Link": [
      listOf(["page"], {}, { Link: { schema: string } }),
      { _tag: "Page", parameter: "page", first: 1, next: "header" }
    ],
    "links in the body": [
      listOf([], {
        _links: { type: "object", properties: { next: { type: "object", properties: { href: string } } } }
      }),
      { _tag: "Link", next: ["_links", "next", "href"] }
    ],
    offsets: [listOf(["skip"], {}), { _tag: "Offset", parameter: "skip" }],
    "no pagination": [listOf([], {}), undefined]
  }
  for (const [name, [document, pagination]] of Object.entries(cases)) {
    it.effect(`detects ${name}`, () =>
      Effect.gen(function* () {
        const { conventions } = yield* OpenApiDocument.read(document)
        assert.deepEqual(conventions.listsOf["things.list"]?.pagination, pagination)
      })
    )
  }
})

describe("invalid documents", () => {
  const invalid: Readonly<Record<string, readonly [document: unknown, message: RegExp]>> = {
    "a list": [[], /not an object/],
    "Swagger 2.0": [{ swagger: "2.0" }, /Swagger 2\.0.*Convert/],
    "another version": [{ openapi: "4.0.0" }, /version 4\.0\.0/],
    "no version": [{ paths: {} }, /the key openapi is missing/],
    "no operations": [{ openapi: "3.1.0", paths: {} }, /no operations/]
  }
  for (const [name, [document, message]] of Object.entries(invalid)) {
    it.effect(`refuses ${name} in one sentence`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(OpenApiDocument.read(document))
        assert.match(error.message, message)
      })
    )
  }
})

const countOf = (texts: ReadonlyArray<string>): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(texts, (text) => text)].map(([text, { length }]) => [text, length]))

describe("public documents", () => {
  interface Expected {
    readonly operations: number
    readonly securitySchemes: ReadonlyArray<string>
    /** The defects, without the names in them, and their numbers. */
    readonly defects: Readonly<Record<string, number>>
    readonly unsupported: number
    /** The numbers of lists with each kind of pagination. */
    readonly lists: Readonly<Record<string, number>>
  }
  const expected: Readonly<Record<keyof typeof documents, Expected>> = {
    workos: {
      operations: 170,
      securitySchemes: ["bearer", "access_token"],
      defects: {
        "no response for errors is documented, so every 4xx is accepted": 3,
        "required contains list_metadata more than once": 5
      },
      unsupported: 47,
      lists: {
        "ids in after": 26
      }
    },
    galaxy: {
      operations: 10,
      securitySchemes: ["bearerAuth", "basicAuth", "apiKeyHeader", "apiKeyQuery", "oAuth2", "openIdConnect"],
      defects: {
        "no response for errors is documented, so every 4xx is accepted": 2
      },
      unsupported: 6,
      lists: {}
    },
    trainTravel: {
      operations: 7,
      securitySchemes: ["OAuth2"],
      defects: {
        "the schema has properties, but no type": 11
      },
      unsupported: 1,
      lists: {}
    },
    blockfrost: {
      operations: 129,
      securitySchemes: ["project_id"],
      defects: {
        "the operation has no operationId": 128,
        "the schema has properties, but no type": 1,
        "the example does not match its schema": 4
      },
      unsupported: 9,
      lists: {
        "page numbers in page": 4
      }
    },
    rclone: {
      operations: 101,
      securitySchemes: [],
      defects: {
        "the required field id is not one of the properties": 1
      },
      unsupported: 25,
      lists: {}
    }
  }
  for (const [name, load] of sample(Object.entries(documents), 1)) {
    it.effect(`reads the document of ${name}, and reports its defects`, () =>
      Effect.gen(function* () {
        const { api, conventions, issues, securitySchemes } = yield* OpenApiDocument.read(load())
        const ofKind = (kind: string) => issues.filter((issue) => issue.kind === kind)
        const found: Expected = {
          operations: ApiOperation.operationsOf(api).length,
          securitySchemes: securitySchemes.map(({ name }) => name),
          defects: countOf(ofKind("defect").map(({ message }) => message.replace(/: .*/, ""))),
          unsupported: ofKind("unsupported").length,
          lists: countOf(
            Object.values(conventions.listsOf).map(({ pagination }) => OpenApiDocument.describePagination(pagination))
          )
        }
        assert.deepEqual(found, Object.entries(expected).find(([other]) => other === name)?.[1])
      })
    )
  }
})
