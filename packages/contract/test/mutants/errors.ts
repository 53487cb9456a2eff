// Mutants with malformed bodies of errors.
import { respond, html, type Mutant, rewriteResponse, rewriteJson, withParts } from "./Mutant.ts"
import { get, list, unknownId } from "./Probe.ts"

const isObject = (body: unknown): body is object => typeof body === "object" && body !== null

/**
 * Mutants for responses/error-body.
 */
export const errors: ReadonlyArray<Mutant> = [
  {
    id: "not-found-without-body",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Returns 404 without a body",
    mutate: rewriteResponse("connections.get", 404, respond(404)),
    shows: () => [get(unknownId)]
  },
  {
    id: "invalid-parameters-as-html",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Returns 422 with HTML and the content type of JSON",
    mutate: rewriteResponse("connections.list", 422, async (response, parsed, store) =>
      withParts(await html(422)(response, parsed, store), { headers: { "content-type": "application/json" } })
    ),
    shows: () => [list("limit=0")]
  },
  {
    id: "messages-in-a-list",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Returns 422 with a list of messages if several parameters are given",
    subtle: true,
    mutate: rewriteJson("connections.list", 422, (body, { query }) =>
      isObject(body) && query.size > 1 ? { ...body, message: ["Validation failed"] } : body
    ),
    shows: () => [list("limit=0&order=asc")]
  },
  {
    id: "unknown-cursor-without-message",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Omits the message of errors about cursors",
    subtle: true,
    mutate: rewriteJson("connections.list", 422, (body, { query }) =>
      isObject(body) && (query.has("after") || query.has("before")) ? { detail: "Bad cursor" } : body
    ),
    shows: () => [list(`after=${unknownId}`)]
  },
  {
    id: "not-found-twice-encoded",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Encodes the body of a 404 twice, as a JSON string",
    subtle: true,
    mutate: rewriteJson("connections.get", 404, (body) => JSON.stringify(body)),
    shows: () => [get(unknownId)]
  }
]
