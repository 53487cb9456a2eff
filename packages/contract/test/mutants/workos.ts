// Mutants that break what is particular to WorkOS.
import type { Store } from "@effect-workos/emulator/Store"
import { relist } from "./Listing.ts"
import {
  type Mutant,
  refuse,
  rewriteAnswer,
  rewriteBody,
  rewriteConnection,
  rewriteOneRow,
  rewritePage,
  rewriteQuery,
  rewriteRows,
  without
} from "./Mutant.ts"
import { at, create, get, list, organization } from "./Probe.ts"

/**
 * workos/normal-order: `normal` is descending with its cursors the other way round.
 */
const normal: ReadonlyArray<Mutant> = [
  {
    id: "normal-ascends",
    law: "workos/normal-order",
    operation: "connections.list",
    summary: "Ascends in normal order",
    mutate: relist({ arrange: (rows, { order }) => (order === "desc" ? rows.toReversed() : rows) }),
    shows: () => [list("order=normal")]
  },
  {
    id: "normal-is-descending",
    law: "workos/normal-order",
    operation: "connections.list",
    summary: "Takes normal order for descending, with its cursors as they are there",
    subtle: true,
    mutate: rewriteQuery((query) => {
      if (query.get("order") === "normal") query.set("order", "desc")
    }),
    shows: () => [list("order=normal")]
  },
  {
    id: "normal-cursors-not-reversed",
    law: "workos/normal-order",
    operation: "connections.list",
    summary: "Gives the cursors of normal order under the names that they have in descending order",
    subtle: true,
    mutate: rewritePage((page, { query }) => {
      const { after, before } = page.list_metadata
      return query.get("order") === "normal" ? { ...page, list_metadata: { before: after, after: before } } : page
    }),
    shows: () => [list("order=normal")]
  }
]

/**
 * workos/required-fields: drift, in what some editions require.
 */
const required: ReadonlyArray<Mutant> = [
  {
    id: "lists-without-status",
    law: "workos/required-fields",
    operation: "connections.list",
    summary: "Leaves status out of lists, as newer editions do",
    mutate: rewriteRows((row) => without(row, "status")),
    shows: () => [list()]
  },
  {
    id: "get-without-status",
    law: "workos/required-fields",
    operation: "connections.get",
    summary: "Leaves status out where a connection is got",
    mutate: rewriteConnection((row) => without(row, "status")),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "one-status-in-a-hundred-missing",
    law: "workos/required-fields",
    operation: "connections.list",
    summary: "Leaves status out of one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => without(row, "status")),
    shows: () => [list("limit=100")]
  },
  {
    id: "created-without-status",
    law: "workos/required-fields",
    operation: "connections.create",
    summary: "Leaves status out of the answer to a creation",
    writes: true,
    mutate: rewriteConnection((row) => without(row, "status"), "connections.create"),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

// The same creation, without what makes it the same.
const forgetful = rewriteBody("connections.create", (body) => without(body, "external_id"))

const twice = (store: Store["Service"]) => {
  const body = { external_id: "the-same", organization_id: organization(store) }
  return [create(body), create(body)]
}

/**
 * workos/external-id: who has it already is who is returned.
 */
const externalId: ReadonlyArray<Mutant> = [
  {
    id: "external-id-is-forgotten",
    law: "workos/external-id",
    operation: "connections.create",
    summary: "Creates another connection for an external id that is there",
    writes: true,
    mutate: forgetful,
    shows: twice
  },
  {
    id: "external-id-is-a-conflict",
    law: "workos/external-id",
    operation: "connections.create",
    summary: "Refuses an external id that is there as a conflict",
    writes: true,
    subtle: true,
    mutate: rewriteAnswer("connections.create", 200, refuse(409, "external_id is taken")),
    shows: twice
  }
]

export const workos: ReadonlyArray<Mutant> = [...normal, ...required, ...externalId]
