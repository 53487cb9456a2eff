// Pages of other editions of the API, and the message for a malformed row.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { server, withClient } from "./scripted-server.ts"

const organization = (number: number, domains: unknown) => ({
  object: "organization",
  id: `org_${number}`,
  name: `Organization ${number}`,
  domains,
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
})

describe("organizations.list", () => {
  it.effect.each([
    { metadata: {}, title: "" },
    { metadata: { list_metadata: null }, title: " next to cursors that are null" }
  ])("A list reads cursors with their names in the API of 2021$title", ({ metadata }) =>
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
  ])("A list ends without a cursor: $metadata", ({ metadata }) =>
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

  it.effect("A list fails with the position and the id of a malformed row", () =>
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
