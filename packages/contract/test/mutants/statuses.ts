// Mutants with undocumented statuses.
import {
  crash,
  html,
  replaceResponse,
  isContinued,
  type Mutant,
  refuse,
  rewriteResponse,
  status,
  withParts
} from "./Mutant.ts"
import { idAt, find, get, list } from "./Probe.ts"

/**
 * Mutants for responses/no-server-error.
 */
const serverErrors: ReadonlyArray<Mutant> = [
  {
    id: "fails-without-organization",
    law: "responses/no-server-error",
    operation: "connections.get",
    summary: "Returns 500 for a connection without an organization",
    subtle: true,
    mutate: replaceResponse(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.organizationId === undefined,
      refuse(500, "Cannot read properties of undefined (reading 'id')")
    ),
    shows: (store) => [get(find(store, ({ organizationId }) => organizationId === undefined).id)]
  },
  {
    id: "fails-on-empty-lists",
    law: "responses/no-server-error",
    operation: "connections.list",
    summary: "Returns 500 for an empty list",
    subtle: true,
    mutate: rewriteResponse("connections.list", 200, async (list, parsed, store) => {
      const text = await list.text()
      return text.includes(`"data":[]`) ? crash(list, parsed, store) : withParts(list, { text })
    }),
    shows: (store) => [list(`order=desc&after=${idAt(store, 0)}`)]
  },
  {
    id: "bad-gateway-on-large-pages",
    law: "responses/no-server-error",
    operation: "connections.list",
    summary: "Returns 502 with the HTML page of a proxy for a limit above 90",
    subtle: true,
    mutate: replaceResponse("connections.list", ({ query }) => Number(query.get("limit")) > 90, html(502)),
    shows: () => [list("limit=91")]
  },
  {
    id: "unavailable-going-back",
    law: "responses/no-server-error",
    operation: "connections.list",
    summary: "Returns 503 for a page before a cursor",
    mutate: replaceResponse("connections.list", ({ query }) => query.has("before"), refuse(503, "Service Unavailable")),
    shows: (store) => [list(`before=${idAt(store, 100)}`)]
  }
]

/**
 * Mutants for responses/status.
 */
const undocumented: ReadonlyArray<Mutant> = [
  {
    id: "searches-are-accepted",
    law: "responses/status",
    operation: "connections.list",
    summary: "Returns 202 for searches",
    mutate: replaceResponse("connections.list", ({ query }) => query.has("search"), status(202)),
    shows: () => [list("search=a")]
  },
  {
    id: "pages-are-partial-content",
    law: "responses/status",
    operation: "connections.list",
    summary: "Returns 206 if more pages follow",
    subtle: true,
    mutate: rewriteResponse("connections.list", 200, async (list) => {
      const text = await list.text()
      return withParts(list, { text, status: text.includes(`"after":null`) ? 200 : 206 })
    }),
    shows: () => [list()]
  },
  {
    id: "get-redirects",
    law: "responses/status",
    operation: "connections.get",
    summary: "Redirects a connection to another version of the API",
    mutate: replaceResponse(
      "connections.get",
      () => true,
      (response, { path }) => withParts(response, { status: 302, text: null, headers: { location: `/v2${path}` } })
    ),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "drafts-are-teapots",
    law: "responses/status",
    operation: "connections.get",
    summary: "Returns 418 for a draft connection",
    subtle: true,
    mutate: replaceResponse(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.state === "draft",
      refuse(418, "I'm a teapot")
    ),
    shows: (store) => [get(find(store, ({ state }) => state === "draft").id)]
  }
]

/**
 * Mutants for responses/accepted.
 */
const refused: ReadonlyArray<Mutant> = [
  {
    id: "refuses-100-rows",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses a limit of 100, which is the largest",
    subtle: true,
    mutate: replaceResponse(
      "connections.list",
      ({ query }) => query.get("limit") === "100",
      refuse(422, "limit must be less than 100")
    ),
    shows: () => [list("limit=100")]
  },
  {
    id: "refuses-one-row",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses a limit of 1, which is the smallest",
    subtle: true,
    mutate: replaceResponse(
      "connections.list",
      ({ query }) => query.get("limit") === "1",
      refuse(422, "limit must be greater than 1")
    ),
    shows: () => [list("limit=1")]
  },
  {
    id: "refuses-openid-types",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses to filter by OpenID Connect types",
    subtle: true,
    mutate: replaceResponse(
      "connections.list",
      ({ query }) => /oidc$/i.test(query.get("connection_type") ?? ""),
      refuse(422, "connection_type must be a SAML or OAuth type")
    ),
    shows: () => [list("connection_type=OktaOIDC")]
  },
  {
    id: "refuses-ascending-before",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses backward cursors in ascending order",
    subtle: true,
    mutate: replaceResponse(
      "connections.list",
      ({ query }) => query.get("order") === "asc" && query.has("before"),
      refuse(422, "before can only be used in descending order")
    ),
    shows: (store) => [list(`order=asc&before=${idAt(store, 100)}`)]
  },
  {
    id: "refuses-search-with-cursor",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses cursors in a search",
    subtle: true,
    mutate: replaceResponse(
      "connections.list",
      (parsed) => parsed.query.has("search") && isContinued(parsed),
      refuse(422, "search cannot be combined with pagination")
    ),
    shows: (store) => [list(`search=a&order=desc&after=${idAt(store, 100)}`)]
  },
  {
    id: "forbids-inactive-connections",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns 403 for an inactive connection that is on lists",
    subtle: true,
    mutate: replaceResponse(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.state === "inactive",
      refuse(403, "The connection is inactive")
    ),
    shows: (store) => [get(find(store, ({ state }) => state === "inactive").id)]
  }
]

export const statuses: ReadonlyArray<Mutant> = [...serverErrors, ...undocumented, ...refused]
