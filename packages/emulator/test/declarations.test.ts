// Declarations of resources: their types, and the tables that derive from them.
import { assert, describe, it } from "@effect/vitest"
import * as ApiError from "@effect-workos/domain/ApiError"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Id from "@effect-workos/domain/Id"
import * as Pagination from "@effect-workos/domain/Pagination"
import * as Resource from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Declaration, Declarations } from "../src/internal/Declaration.ts"
import { handlers } from "../src/internal/Handlers.ts"
import * as Store from "../src/Store.ts"

const Note = Wire.Struct({
  object: Schema.Literal("note"),
  id: Id.make("note"),
  organizationId: Id.make("org"),
  text: Schema.String,
  length: Schema.Int,
  createdAt: Timestamp,
  updatedAt: Timestamp
})

const notes = Resource.make("notes", {
  list: Endpoint.get("/notes", {
    summary: "List notes",
    query: Wire.Struct({
      ...Pagination.query("note"),
      organizationId: Schema.optional(Id.make("org")),
      search: Schema.optional(Schema.String)
    }),
    item: Note
  }),
  get: Endpoint.get("/notes/:id", {
    summary: "Get a note",
    params: { id: Id.make("note") },
    success: Note,
    errors: [ApiError.NotFound]
  }),
  create: Endpoint.post("/notes", {
    summary: "Create a note",
    payload: Wire.Struct({ organizationId: Id.make("org"), text: Schema.String }),
    success: Note,
    errors: [ApiError.NotFound]
  }),
  archive: Endpoint.post("/notes/:id/archive", {
    summary: "Archive a note",
    params: { id: Id.make("note") },
    success: Note,
    errors: [ApiError.NotFound]
  })
})

type Notes = typeof notes.endpoints

const filters: Declaration<Notes>["filters"] = { search: ({ text }, search) => text.includes(search) }
const create: Declaration<Notes>["create"] = ({ text }) => Result.succeed({ length: text.length })
const actions: Declaration<Notes>["actions"] = {
  archive: ({ params }) => Effect.fail(new ApiError.NotFound({ message: params.id }))
}

export const complete: Declaration<Notes> = {
  filters,
  create,
  actions,
  parents: { organizationId: { resource: "organizations", status: 404 } }
}

// Property 'notes' is missing in type '{}' but required in type 'Declarations<{ notes: … }>'.
// @ts-expect-error
export const withoutResource: Declarations<{ readonly notes: typeof notes }> = {}

// Property 'filters' is missing in type '{ … }' but required in type '{ readonly filters: … }'.
// @ts-expect-error
export const withoutFilters: Declaration<Notes> = { create, actions }

// Property 'search' is missing in type '{}' but required in type '{ readonly search: … }'.
// @ts-expect-error
export const withoutSearch: Declaration<Notes> = { filters: {}, create, actions }

// Property 'create' is missing, because no payload has `length`.
// @ts-expect-error
export const withoutCreate: Declaration<Notes> = { filters, actions }

// Property 'length' is missing in type '{}' but required in type 'Missing<…>'.
// @ts-expect-error
export const withoutKey: Declaration<Notes> = { filters, actions, create: () => Result.succeed({}) }

// Property 'archive' is missing in type '{}' but required in type '{ readonly archive: Action<…> }'.
// @ts-expect-error
export const withoutAction: Declaration<Notes> = { filters, create, actions: {} }

type IsAssignable<From, To> = [From] extends [To] ? true : false

type Archive = Declaration<Notes>["actions"]["archive"]

type Create = Declaration<Notes>["create"]

export const documentedError: IsAssignable<() => Effect.Effect<never, ApiError.NotFound>, Archive> = true

export const undocumentedError: IsAssignable<() => Effect.Effect<never, ApiError.Conflict>, Archive> = false

export const documentedRule: IsAssignable<() => Result.Result<never, ApiError.NotFound>, Create> = true

export const undocumentedRule: IsAssignable<() => Result.Result<never, ApiError.Conflict>, Create> = false

export const undocumentedStatus: Declaration<Notes> = {
  filters,
  create,
  actions,
  // @ts-expect-error Type '422' is not assignable to type '404'.
  parents: { organizationId: { resource: "organizations", status: 422 } }
}

describe("the registry", () => {
  it("The registry has a declaration for every resource", () => {
    assert.deepStrictEqual(Object.keys(handlers).toSorted(), Object.keys(resources).toSorted())
  })
})

describe("the tables of a store", () => {
  it.effect("The tables of a store find rows by keys without an index, and by filters", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const [row] = connections.rows
      assert.deepStrictEqual(
        connections.findBy("name", row?.name ?? ""),
        connections.rows.filter(({ name }) => name === row?.name)
      )
      assert.deepStrictEqual(
        connections.findBy("connectionType", "OktaSAML"),
        connections.rows.filter(({ connectionType }) => connectionType === "OktaSAML")
      )
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("The tables of a store include the domains inside organizations", () =>
    Effect.gen(function* () {
      const { organizationDomains, organizations } = yield* Store.Store
      const domains = organizations.rows.flatMap(({ domains }) => domains)
      assert.sameDeepMembers([...organizationDomains.rows], domains)
      const [domain] = domains
      assert.isDefined(domain)
      assert.deepStrictEqual(organizationDomains.get(domain.id), domain)
      assert.deepStrictEqual(organizationDomains.findBy("domain", domain.domain), [domain])
      assert.deepStrictEqual(
        organizationDomains.page({ ascending: true, limit: 1, where: [["id", domain.id]], matches: () => true }).data,
        [domain]
      )

      organizationDomains.set({ ...domain, state: "failed" })
      assert.strictEqual(organizations.get(domain.organizationId ?? "")?.domains[0]?.state, "failed")
      assert.isTrue(organizationDomains.remove(domain.id))
      assert.isFalse(organizationDomains.remove(domain.id))
      assert.isUndefined(organizations.get(domain.organizationId ?? "")?.domains.find(({ id }) => id === domain.id))
      // The organization of the domain does not exist.
      organizations.remove(domain.organizationId ?? "")
      organizationDomains.set(domain)
      assert.isUndefined(organizationDomains.get(domain.id))
    }).pipe(Effect.provide(LayerStore))
  )
})

const LayerStore = Store.layer({ connections: 60, organizations: 10, seed: 1 })
