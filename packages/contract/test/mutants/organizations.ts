// Mutants with faults of organizations and their domains.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Organization } from "@effect-workos/domain/organizations/Organization"
import type { Store } from "@effect-workos/emulator/Store"
import * as Struct from "effect/Struct"
import {
  respond,
  makeMutant,
  type Mutant,
  rewriteBody,
  rewriteJson,
  rewriteQuery,
  without,
  type Mutate
} from "./Mutant.ts"
import { requestTo, createOrganization, list, organization, type Probe, update } from "./Probe.ts"

const removing = (store: Store["Service"]): Request =>
  requestTo(`/organizations/${organization(store)}`, { method: "DELETE" })

// A request can be sent only once, so each is a new one.
const zaphods = (): Request =>
  createOrganization({ name: "Zaphod's", external_id: "zaphod", metadata: { tier: "gold" } })

const updating =
  (body: unknown): Probe =>
  (earlier) =>
    update(earlier[0]?.id ?? "", body)

const byExternalId = (id: string): Request => requestTo(`/organizations/external_id/${id}`)

/**
 * Mutants for the laws that apply to any API.
 */
const reads: ReadonlyArray<Mutant> = [
  {
    id: "first-of-several-domains",
    law: "lists/filter-complete",
    operation: "organizations.list",
    summary: "Applies only the first of several domains",
    subtle: true,
    mutate: rewriteQuery((query) => {
      const [first] = (query.get("domains") ?? "").split(",")
      if (first !== undefined && first !== "") query.set("domains", first)
    }, "organizations.list"),
    shows: ({ organizations }) => {
      const [domain] = organizations.rows.flatMap(({ domains }) => domains)
      return [requestTo(`/organizations?domains=unknown.example,${domain?.domain}`)]
    }
  },
  {
    id: "domain-is-always-pending",
    law: "resources/get-matches-list",
    operation: "organizationDomains.get",
    summary: "Returns every single domain as pending",
    mutate: rewriteJson("organizationDomains.get", 200, (body) => ({ ...Object(body), state: "pending" })),
    shows: (store) => {
      const { domains } = store.organizations.rows.find(({ domains: [first] }) => first?.state === "verified") ?? {}
      return [requestTo(`/organization_domains/${domains?.[0]?.id}`)]
    }
  }
]

// The parts of deleted organizations.
const keeping = (
  keep: (
    store: Store["Service"],
    kept: { readonly organization: Organization; readonly own: ReadonlyArray<Connection> }
  ) => void
): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const organization = store.organizations.get(parsed.id)
    const own = [...store.connections.findBy("organizationId", parsed.id)]
    const original = await emulator(parsed.request)
    if (parsed.operation === "organizations.delete" && original.ok && organization !== undefined) {
      keep(store, { organization, own })
    }
    return original
  })

const deleted: ReadonlyArray<Mutant> = [
  {
    id: "connections-outlive-their-organization",
    law: "workos/deleted-with-organization",
    operation: "organizations.delete",
    summary: "Keeps the connections of a deleted organization",
    writes: true,
    mutate: keeping(({ connections }, { own }) => own.forEach((connection) => connections.set(connection))),
    shows: (store) => [removing(store), list(`organization_id=${organization(store)}`)]
  },
  {
    id: "domains-outlive-their-organization",
    law: "workos/deleted-with-organization",
    operation: "organizations.delete",
    summary: "Returns the domains of a deleted organization by id",
    writes: true,
    subtle: true,
    mutate: makeMutant((emulator) => {
      const shown = new Map<string, unknown>()
      return async (parsed) => {
        const original = await emulator(parsed.request)
        if (parsed.operation === "organizations.create" && original.ok) {
          const { domains }: { readonly domains: ReadonlyArray<{ readonly id: string }> } = await original
            .clone()
            .json()
          for (const domain of domains) shown.set(domain.id, domain)
        }
        const found = shown.get(parsed.id)
        return parsed.operation === "organizationDomains.get" && original.status === 404 && found !== undefined
          ? Response.json(found, { headers: original.headers })
          : original
      }
    }),
    shows: () => [
      createOrganization({ name: "Zaphod's", domain_data: [{ domain: "zaphod.example", state: "pending" }] }),
      (earlier) => requestTo(`/organizations/${earlier[0]?.id}`, { method: "DELETE" }),
      (earlier) => {
        const body = earlier[0]?.body
        const [domain] = typeof body === "object" && body !== null && "domains" in body ? [body.domains].flat() : []
        return requestTo(`/organization_domains/${Object(domain).id}`)
      }
    ]
  }
]

const isTaken = ({ organizations }: Store["Service"], externalId: unknown, but = ""): Organization | undefined =>
  typeof externalId === "string"
    ? organizations.findBy("externalId", externalId).find(({ id }) => id !== but)
    : undefined

const externalIds: ReadonlyArray<Mutant> = [
  {
    id: "external-id-is-dropped",
    law: "workos/unique-external-id",
    operation: "organizations.create",
    summary: "Creates an organization without its external id if another one has the same",
    writes: true,
    mutate: rewriteBody("organizations.create", ({ external_id: externalId, ...body }, _, store) =>
      isTaken(store, externalId) === undefined && externalId !== undefined ? { ...body, external_id: externalId } : body
    ),
    shows: () => [zaphods(), zaphods()]
  },
  {
    id: "external-id-moves",
    law: "workos/unique-external-id",
    operation: "organizations.update",
    summary: "Moves an external id from its organization to one that is updated with the same id",
    writes: true,
    subtle: true,
    mutate: rewriteBody("organizations.update", (body, { id }, store) => {
      const owner = isTaken(store, body["external_id"], id)
      if (owner !== undefined) store.organizations.set(Struct.omit(owner, ["externalId"]))
      return body
    }),
    shows: () => [
      zaphods(),
      createOrganization({ name: "Trillian's" }),
      (earlier) => update(earlier[1]?.id ?? "", { external_id: "zaphod" })
    ]
  },
  {
    id: "previous-external-id-finds",
    law: "workos/found-by-external-id",
    operation: "organizations.getByExternalId",
    summary: "Finds an organization by its previous external id",
    writes: true,
    subtle: true,
    mutate: makeMutant((emulator) => {
      const former = new Map<string, string>()
      return async (parsed) => {
        const original = await emulator(parsed.request)
        if (parsed.operation === "organizations.create" && original.ok) {
          const row: { readonly id: string; readonly external_id: string | null } = await original.clone().json()
          if (row.external_id !== null) former.set(row.external_id, row.id)
        }
        const id = former.get(parsed.id)
        return parsed.operation === "organizations.getByExternalId" && original.status === 404 && id !== undefined
          ? emulator(new Request(new URL(`/organizations/${id}`, parsed.request.url), parsed.request))
          : original
      }
    }),
    shows: () => [zaphods(), updating({ external_id: "beeblebrox" }), byExternalId("zaphod")]
  },
  {
    id: "external-ids-find-the-seed-only",
    law: "workos/found-by-external-id",
    operation: "organizations.getByExternalId",
    summary: "Finds no organization created since the start by its external id",
    writes: true,
    mutate: (fetch, store) => {
      const known = new Set<string>(store.organizations.rows.map(({ id }) => id))
      return makeMutant((emulator) => async (parsed) => {
        const original = await emulator(parsed.request)
        if (parsed.operation !== "organizations.getByExternalId" || !original.ok) return original
        const { id }: { readonly id: string } = await original.clone().json()
        return known.has(id) ? original : respond(404, { message: "Organization not found" })(original, parsed, store)
      })(fetch, store)
    },
    shows: () => [zaphods(), byExternalId("zaphod")]
  }
]

const updates: ReadonlyArray<Mutant> = [
  {
    id: "update-ignores-the-name",
    law: "workos/update",
    operation: "organizations.update",
    summary: "Ignores the name in an update of an organization",
    writes: true,
    mutate: rewriteBody("organizations.update", (body) => without(body, "name")),
    shows: () => [zaphods(), updating({ name: "Ford's" })]
  },
  {
    id: "update-clears-the-metadata",
    law: "workos/update",
    operation: "organizations.update",
    summary: "Clears the metadata in an update without metadata",
    writes: true,
    subtle: true,
    mutate: rewriteBody("organizations.update", (body) => ({ metadata: null, ...body })),
    shows: () => [zaphods(), updating({ name: "Ford's" })]
  },
  {
    id: "update-is-returned-but-not-stored",
    law: "workos/update",
    operation: "organizations.update",
    summary: "Returns the updated organization without storing the update",
    writes: true,
    subtle: true,
    mutate: makeMutant((emulator, store) => async (parsed) => {
      const before = store.organizations.get(parsed.id)
      const original = await emulator(parsed.request)
      if (parsed.operation === "organizations.update" && original.ok && before !== undefined) {
        store.organizations.set(before)
      }
      return original
    }),
    shows: () => [zaphods(), updating({ name: "Ford's" }), (earlier) => requestTo(`/organizations/${earlier[0]?.id}`)]
  },
  {
    id: "null-is-absent",
    law: "workos/update-null",
    operation: "organizations.update",
    summary: "Treats null in an update as an absent field",
    writes: true,
    mutate: rewriteBody("organizations.update", (body) =>
      Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
    ),
    shows: () => [zaphods(), updating({ external_id: null })]
  },
  {
    id: "null-clears-the-metadata-too",
    law: "workos/update-null",
    operation: "organizations.update",
    summary: "Clears the metadata together with the external id",
    writes: true,
    subtle: true,
    mutate: rewriteBody("organizations.update", (body) =>
      body["external_id"] === null ? { ...body, metadata: null } : body
    ),
    shows: () => [zaphods(), updating({ external_id: null })]
  }
]

export const organizations: ReadonlyArray<Mutant> = [...reads, ...deleted, ...externalIds, ...updates]
