// Mutants with malformed bodies of errors.
import { respond, html, type Mutant, rewriteResponse, rewriteJson, withParts, without } from "./Mutant.ts"
import { requestTo, create, get, list, remove, unknownId } from "./Probe.ts"

const isObject = (body: unknown): body is object => typeof body === "object" && body !== null

/**
 * Mutants for responses/error-body.
 */
export const errors: ReadonlyArray<Mutant> = [
  {
    id: "not-found-without-message",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Returns 404 with an error but no message",
    mutate: rewriteResponse("connections.get", 404, respond(404, { error: "not_found" })),
    shows: () => [get(unknownId)]
  },
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
    id: "message-is-a-number",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Returns 422 with a number as the message",
    mutate: rewriteJson("connections.list", 422, () => ({ message: 422 })),
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
    id: "unauthorized-without-body",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Returns 401 with an empty object",
    mutate: rewriteResponse("connections.list", 401, respond(401, {})),
    shows: () => [requestTo("/connections", { authorization: undefined })]
  },
  {
    id: "not-found-twice-encoded",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Encodes the body of a 404 twice, as a JSON string",
    subtle: true,
    mutate: rewriteJson("connections.get", 404, (body) => JSON.stringify(body)),
    shows: () => [get(unknownId)]
  },
  {
    id: "delete-not-found-without-message",
    law: "responses/error-body",
    operation: "connections.delete",
    summary: "Returns 404 with an error but no message for a deletion",
    writes: true,
    mutate: rewriteResponse("connections.delete", 404, respond(404, { error: "not_found" })),
    shows: () => [remove(unknownId)]
  },
  {
    id: "creation-refused-without-message",
    law: "responses/error-body",
    operation: "connections.create",
    summary: "Returns the invalid fields of a creation without a message",
    writes: true,
    subtle: true,
    mutate: rewriteJson("connections.create", 422, (body) =>
      isObject(body) && "message" in body ? without(body, "message") : body
    ),
    shows: () => [create({ organization_id: 7 })]
  }
]
