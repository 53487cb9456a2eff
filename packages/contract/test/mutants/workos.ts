// Mutants with faults of WorkOS-specific rules.
import type { Store } from "@effect-workos/emulator/Store"
import { relist } from "./Listing.ts"
import {
  type Mutant,
  refuse,
  rewriteResponse,
  rewriteBody,
  rewriteConnection,
  rewriteOneRow,
  rewritePage,
  rewriteQuery,
  rewriteRows,
  without
} from "./Mutant.ts"
import { idAt, create, get, list, organization } from "./Probe.ts"

/**
 * Mutants for workos/normal-order.
 */
const normal: ReadonlyArray<Mutant> = [
  {
    id: "normal-ascends",
    law: "workos/normal-order",
    operation: "connections.list",
    summary: "Sorts in ascending order for the order normal",
    mutate: relist({ arrange: (rows, { order }) => (order === "desc" ? rows.toReversed() : rows) }),
    shows: () => [list("order=normal")]
  },
  {
    id: "normal-is-descending",
    law: "workos/normal-order",
    operation: "connections.list",
    summary: "Treats the order normal as desc without reversing the cursors",
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
    summary: "Returns the cursors of the order normal under the names of the order desc",
    subtle: true,
    mutate: rewritePage((page, { query }) => {
      const { after, before } = page.list_metadata
      return query.get("order") === "normal" ? { ...page, list_metadata: { before: after, after: before } } : page
    }),
    shows: () => [list("order=normal")]
  }
]

/**
 * Mutants for workos/required-fields.
 */
const required: ReadonlyArray<Mutant> = [
  {
    id: "lists-without-status",
    law: "workos/required-fields",
    operation: "connections.list",
    summary: "Omits status in lists, like newer editions of the documentation",
    mutate: rewriteRows((row) => without(row, "status")),
    shows: () => [list()]
  },
  {
    id: "get-without-status",
    law: "workos/required-fields",
    operation: "connections.get",
    summary: "Omits status of a single connection",
    mutate: rewriteConnection((row) => without(row, "status")),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "one-status-in-a-hundred-missing",
    law: "workos/required-fields",
    operation: "connections.list",
    summary: "Omits status of one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => without(row, "status")),
    shows: () => [list("limit=100")]
  },
  {
    id: "created-without-status",
    law: "workos/required-fields",
    operation: "connections.create",
    summary: "Omits status in the response to a creation",
    writes: true,
    mutate: rewriteConnection((row) => without(row, "status"), "connections.create"),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

// Removes the external id from creations.
const forgetful = rewriteBody("connections.create", (body) => without(body, "external_id"))

const twice = (store: Store["Service"]) => {
  const body = { external_id: "the-same", organization_id: organization(store) }
  return [create(body), create(body)]
}

/**
 * Mutants for workos/external-id.
 */
const externalId: ReadonlyArray<Mutant> = [
  {
    id: "external-id-is-forgotten",
    law: "workos/external-id",
    operation: "connections.create",
    summary: "Creates another connection for an existing external id",
    writes: true,
    mutate: forgetful,
    shows: twice
  },
  {
    id: "external-id-is-a-conflict",
    law: "workos/external-id",
    operation: "connections.create",
    summary: "Returns a conflict for an existing external id",
    writes: true,
    subtle: true,
    mutate: rewriteResponse("connections.create", 200, refuse(409, "external_id is taken")),
    shows: twice
  }
]

export const workos: ReadonlyArray<Mutant> = [...normal, ...required, ...externalId]
