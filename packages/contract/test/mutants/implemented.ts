// Mutants that do not implement an operation.
import { type Mutant, type Mutate, type Operation, refuse, respond, rewriteResponse, type Rewrite } from "./Mutant.ts"
import { create, get, idAt, list, organization, remove, requestTo, update } from "./Probe.ts"

// The response of the emulator to a path that does not exist.
const notFound = refuse(404, "Not Found")

// Rewrites every response of an operation: successes and errors.
const rewriteAll =
  (operation: Operation, rewrite: Rewrite): Mutate =>
  (fetch, store) =>
    rewriteResponse(operation, "failure", rewrite)(rewriteResponse(operation, "success", rewrite)(fetch, store), store)

/**
 * Mutants for responses/implemented.
 */
export const implemented: ReadonlyArray<Mutant> = [
  {
    id: "has-no-list",
    law: "responses/implemented",
    operation: "connections.list",
    summary: "Responds to a request for the list as to an unknown path",
    mutate: rewriteResponse("connections.list", "success", notFound),
    shows: () => [list()]
  },
  {
    id: "has-no-get",
    law: "responses/implemented",
    operation: "connections.get",
    summary: "Responds to a request for any connection as to an unknown path",
    mutate: rewriteAll("connections.get", notFound),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "get-is-not-implemented",
    law: "responses/implemented",
    operation: "connections.get",
    summary: "Returns 501 for any connection",
    mutate: rewriteAll("connections.get", respond(501)),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "events-are-not-allowed",
    law: "responses/implemented",
    operation: "events.list",
    summary: "Returns 405 for any request for events",
    mutate: rewriteResponse("events.list", "success", refuse(405, "Method Not Allowed")),
    shows: () => [requestTo("/events?events=connection.activated")]
  },
  {
    id: "has-no-create",
    law: "responses/implemented",
    operation: "connections.create",
    summary: "Responds to a creation as to an unknown path",
    writes: true,
    mutate: rewriteAll("connections.create", notFound),
    shows: (store) => [create({ organization_id: organization(store), name: "New", connection_type: "OktaSAML" })]
  },
  {
    id: "delete-is-not-allowed",
    law: "responses/implemented",
    operation: "connections.delete",
    summary: "Returns 405 for any deletion",
    writes: true,
    mutate: rewriteAll("connections.delete", refuse(405, "Method Not Allowed")),
    shows: (store) => [remove(idAt(store, 0))]
  },
  {
    id: "update-is-not-implemented",
    law: "responses/implemented",
    operation: "organizations.update",
    summary: "Returns 501 for any update of an organization",
    writes: true,
    mutate: rewriteAll("organizations.update", refuse(501, "Not Implemented")),
    shows: (store) => [update(organization(store), { name: "Renamed" })]
  }
]
