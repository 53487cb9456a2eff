// Rows of lists that do not have the documented shape.
import { assert, describe, it } from "@effect/vitest"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import * as resources from "@effect-workos/domain/resources"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { InvalidResponse, InvalidRow } from "../src/ClientError.ts"
import { server, withClient } from "./scripted-server.ts"

/** A list of any resource. */
interface AnyList {
  (options: object): Effect.Effect<{ readonly data: ReadonlyArray<unknown> }, unknown>
  stream(options: object): Stream.Stream<unknown, unknown>
  pages(options: object): Stream.Stream<{ readonly data: ReadonlyArray<unknown> }, unknown>
}

const isList = (value: unknown): value is AnyList & { readonly encoded: AnyList } =>
  Predicate.hasProperty(value, "stream") && Predicate.hasProperty(value, "encoded")

const lists = Object.values(resources).flatMap(({ endpoints, name }) =>
  Object.entries<Endpoint.Endpoint>(endpoints).flatMap(([method, { item }]) =>
    item === undefined ? [] : [{ operation: `${name}.${method}`, name, method, item }]
  )
)

/** Rows of one or more pages; `isMalformed` says which of them do not have the documented shape. */
const Pages = Schema.Array(Schema.Array(Schema.Struct({ seed: Schema.Int, isMalformed: Schema.Boolean }))).check(
  Schema.isMinLength(1),
  Schema.isMaxLength(3)
)

const collect = (stream: Stream.Stream<unknown, unknown>) =>
  Effect.suspend(() => {
    const seen: Array<unknown> = []
    const run = Stream.runForEach(stream, (row) => Effect.sync(() => seen.push(row)))
    return Effect.map(Effect.result(run), (result) => ({
      seen,
      error: result._tag === "Failure" ? result.failure : undefined
    }))
  })

const organization = (number: number, domains: unknown) => ({
  object: "organization",
  id: `org_${number}`,
  name: `Organization ${number}`,
  domains,
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
})

describe.each(lists)("$operation", ({ item, method, name, operation }) => {
  it.effect.prop("reports malformed rows one by one, in all forms", [Pages], ([pages]) =>
    Effect.gen(function* () {
      const count = pages.flat().length
      const values = yield* Arbitrary.sampleEffect(Arbitrary.schema(item), { count: Math.max(1, count), seed: 7 })
      const encoded = yield* Schema.encodeEffect(Schema.Array(item))(values)
      const prefix = String(Reflect.get(Object(encoded[0]), "id")).replace(/_[^_]+$/, "")
      let next = 0
      const rows = pages.map((page) =>
        page.map(({ isMalformed }) => {
          const row = encoded[next++]
          if (!Predicate.isReadonlyObject(row)) throw new Error("A row is an object")
          return { row: isMalformed ? { ...row, object: "another" } : row, isMalformed }
        })
      )
      const steps = rows.map((page, index) => ({
        status: 200,
        body: JSON.stringify({
          object: "list",
          data: page.map(({ row }) => row),
          list_metadata: { before: null, after: index === rows.length - 1 ? null : `${prefix}_${index}` }
        })
      }))
      const run = <A>(use: (list: AnyList & { readonly encoded: AnyList }) => Effect.Effect<A, unknown>) =>
        withClient(server(steps), (workos) => {
          const list: unknown = Reflect.get(Reflect.get(workos, name), method)
          return isList(list) ? use(list) : Effect.die(`${operation} is no list`)
        })

      const flat = rows.flat()
      const position = flat.findIndex(({ isMalformed }) => isMalformed)
      for (const form of ["decoded", "encoded"] as const) {
        const of = (list: AnyList & { readonly encoded: AnyList }): AnyList =>
          form === "encoded" ? list.encoded : list
        const assertRows = (seen: ReadonlyArray<unknown>, expected: typeof flat) => {
          assert.lengthOf(seen, expected.length)
          for (const [index, { isMalformed, row }] of expected.entries()) {
            const found = seen[index]
            assert.strictEqual(found instanceof InvalidRow, isMalformed)
            if (found instanceof InvalidRow) {
              assert.deepStrictEqual(found.row, row)
              assert.strictEqual(found.path, "object")
              assert.include(found.message, `${operation}: row ${found.position} of the page (${row.id})`)
            } else if (form === "encoded") assert.deepStrictEqual(found, row)
            else assert.strictEqual(Reflect.get(Object(found), "id"), row.id)
          }
        }

        const streamed = yield* run((list) => collect(of(list).stream({ invalidRows: "yield" })))
        assert.isUndefined(streamed.error)
        assertRows(streamed.seen, flat)
        const paged = yield* run((list) => Stream.runCollect(of(list).pages({ invalidRows: "yield" })))
        assertRows(
          paged.flatMap(({ data }) => data),
          flat
        )
        const [first = []] = rows
        assertRows((yield* run((list) => of(list)({ invalidRows: "yield" }))).data, first)

        const failing = yield* run((list) => collect(of(list).stream({})))
        assertRows(failing.seen, position < 0 ? flat : flat.slice(0, position))
        if (position < 0) {
          assert.isUndefined(failing.error)
          continue
        }
        const { error } = failing
        assert.isTrue(error instanceof InvalidResponse)
        if (!(error instanceof InvalidResponse) || error.reason._tag !== "WrongShape") return assert.fail()
        assert.strictEqual(error.reason.row?.id, flat[position]?.row.id)
        assert.strictEqual(error.reason.path, `data.${(error.reason.row?.position ?? 0) - 1}.object`)
      }
    })
  )
})

describe("organizations.list", () => {
  it.effect.each([
    { metadata: {}, title: "" },
    { metadata: { list_metadata: null }, title: " next to cursors that are null" }
  ])("reads cursors under their names of 2021$title", ({ metadata }) =>
    Effect.gen(function* () {
      const body = { ...metadata, data: [organization(1, [])], listMetadata: { before: null, after: "org_1" } }
      const last = { data: [organization(2, [])], listMetadata: { before: "org_2", after: null } }
      const scripted = server([body, last].map((body) => ({ status: 200, body: JSON.stringify(body) })))
      const rows = yield* withClient(scripted, ({ organizations }) => Stream.runCollect(organizations.stream()))
      assert.deepStrictEqual(
        rows.map(({ id }): string => id),
        ["org_1", "org_2"]
      )
    })
  )

  it.effect.each([
    { metadata: { object: "list" } },
    { metadata: { list_metadata: null } },
    { metadata: { list_metadata: { after: null } } },
    { metadata: { list_metadata: { before: "", after: "" } } }
  ])("ends a list without a cursor: $metadata", ({ metadata }) =>
    Effect.gen(function* () {
      const scripted = server([{ status: 200, body: JSON.stringify({ ...metadata, data: [organization(1, [])] }) }])
      yield* withClient(scripted, ({ organizations }) =>
        Effect.gen(function* () {
          assert.lengthOf(yield* Stream.runCollect(organizations.stream()), 1)
          const page = yield* organizations.list()
          assert.deepStrictEqual([page.object, page.listMetadata.after], ["list", null])
          const encoded = yield* organizations.list.encoded()
          assert.deepStrictEqual([encoded.object, encoded.list_metadata.after], ["list", null])
        })
      )
    })
  )

  it.effect("fails with the position and the id of a malformed row", () =>
    Effect.gen(function* () {
      const data = [organization(1, []), organization(2, [{ id: "org_domain_1", domain: 42 }]), organization(3, [])]
      const scripted = server([{ status: 200, body: JSON.stringify({ data }) }])
      const error = yield* withClient(scripted, ({ organizations }) => Effect.flip(organizations.list()))
      assert.match(
        error.message,
        /: data\.1\.domains\.0\.domain: Expected a? ?string.*, in row 2 of the page \(org_2\)\.$/
      )
    })
  )
})
