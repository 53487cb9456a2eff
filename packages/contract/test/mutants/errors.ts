// Mutants whose errors have no body that a program can read.
import { answer, html, type Mutant, rewriteAnswer, rewriteJson, withParts, without } from "./Mutant.ts"
import { ask, create, get, list, remove, unknownId } from "./Probe.ts"

const isObject = (body: unknown): body is object => typeof body === "object" && body !== null

/**
 * responses/error-body: errors have a message, which is a string.
 */
export const errors: ReadonlyArray<Mutant> = [
  {
    id: "not-found-without-message",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Answers 404 with an error and no message",
    mutate: rewriteAnswer("connections.get", 404, answer(404, { error: "not_found" })),
    shows: () => [get(unknownId)]
  },
  {
    id: "not-found-without-body",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Answers 404 without a body",
    mutate: rewriteAnswer("connections.get", 404, answer(404)),
    shows: () => [get(unknownId)]
  },
  {
    id: "invalid-parameters-as-html",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Answers 422 with HTML that is called JSON",
    mutate: rewriteAnswer("connections.list", 422, async (answer, asked, store) =>
      withParts(await html(422)(answer, asked, store), { headers: { "content-type": "application/json" } })
    ),
    shows: () => [list("limit=0")]
  },
  {
    id: "message-is-a-number",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Answers 422 with a number as its message",
    mutate: rewriteJson("connections.list", 422, () => ({ message: 422 })),
    shows: () => [list("limit=0")]
  },
  {
    id: "messages-in-a-list",
    law: "responses/error-body",
    operation: "connections.list",
    summary: "Answers 422 with a list of messages where more than one parameter could be meant",
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
    summary: "Leaves the message out where a cursor is at fault",
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
    summary: "Answers 401 with an empty object",
    mutate: rewriteAnswer("connections.list", 401, answer(401, {})),
    shows: () => [ask("/connections", { authorization: undefined })]
  },
  {
    id: "not-found-twice-encoded",
    law: "responses/error-body",
    operation: "connections.get",
    summary: "Encodes the body of a 404 twice, so that it is a string of JSON",
    subtle: true,
    mutate: rewriteJson("connections.get", 404, (body) => JSON.stringify(body)),
    shows: () => [get(unknownId)]
  },
  {
    id: "delete-not-found-without-message",
    law: "responses/error-body",
    operation: "connections.delete",
    summary: "Answers 404 to a deletion with an error and no message",
    writes: true,
    mutate: rewriteAnswer("connections.delete", 404, answer(404, { error: "not_found" })),
    shows: () => [remove(unknownId)]
  },
  {
    id: "creation-refused-without-message",
    law: "responses/error-body",
    operation: "connections.create",
    summary: "Says which fields of a creation are wrong, and leaves the message out",
    writes: true,
    subtle: true,
    mutate: rewriteJson("connections.create", 422, (body) =>
      isObject(body) && "message" in body ? without(body, "message") : body
    ),
    shows: () => [create({ organization_id: 7 })]
  }
]
