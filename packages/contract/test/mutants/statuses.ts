// Mutants that answer good requests with another status than a documented success.
import {
  crash,
  answer,
  html,
  insteadOf,
  isContinued,
  type Mutant,
  refuse,
  rewriteAnswer,
  status,
  withParts
} from "./Mutant.ts"
import { at, create, find, get, list, organization, remove } from "./Probe.ts"

/**
 * responses/no-server-error: the server's own faults.
 */
const serverErrors: ReadonlyArray<Mutant> = [
  {
    id: "fails-without-organization",
    law: "responses/no-server-error",
    operation: "connections.get",
    summary: "Answers 500 to a get of a connection that belongs to no organization",
    subtle: true,
    mutate: insteadOf(
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
    summary: "Answers 500 where a list has no rows",
    subtle: true,
    mutate: rewriteAnswer("connections.list", 200, async (list, asked, store) => {
      const text = await list.text()
      return text.includes(`"data":[]`) ? crash(list, asked, store) : withParts(list, { text })
    }),
    shows: (store) => [list(`order=desc&after=${at(store, 0)}`)]
  },
  {
    id: "bad-gateway-on-large-pages",
    law: "responses/no-server-error",
    operation: "connections.list",
    summary: "Answers 502 and a proxy's page where more than 90 rows are asked for",
    subtle: true,
    mutate: insteadOf("connections.list", ({ query }) => Number(query.get("limit")) > 90, html(502)),
    shows: () => [list("limit=91")]
  },
  {
    id: "unavailable-going-back",
    law: "responses/no-server-error",
    operation: "connections.list",
    summary: "Answers 503 where a list is asked for what is before a cursor",
    mutate: insteadOf("connections.list", ({ query }) => query.has("before"), refuse(503, "Service Unavailable")),
    shows: (store) => [list(`before=${at(store, 100)}`)]
  }
]

/**
 * responses/status: statuses that are not documented.
 */
const undocumented: ReadonlyArray<Mutant> = [
  {
    id: "searches-are-accepted",
    law: "responses/status",
    operation: "connections.list",
    summary: "Answers searches with 202",
    mutate: insteadOf("connections.list", ({ query }) => query.has("search"), status(202)),
    shows: () => [list("search=a")]
  },
  {
    id: "pages-are-partial-content",
    law: "responses/status",
    operation: "connections.list",
    summary: "Answers with 206 where more pages follow",
    subtle: true,
    mutate: rewriteAnswer("connections.list", 200, async (list) => {
      const text = await list.text()
      return withParts(list, { text, status: text.includes(`"after":null`) ? 200 : 206 })
    }),
    shows: () => [list()]
  },
  {
    id: "get-redirects",
    law: "responses/status",
    operation: "connections.get",
    summary: "Answers a get of a connection with a redirection to another version of the API",
    mutate: insteadOf(
      "connections.get",
      () => true,
      (answer, { path }) => withParts(answer, { status: 302, text: null, headers: { location: `/v2${path}` } })
    ),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "drafts-are-teapots",
    law: "responses/status",
    operation: "connections.get",
    summary: "Answers 418 to a get of a connection that is still a draft",
    subtle: true,
    mutate: insteadOf(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.state === "draft",
      refuse(418, "I'm a teapot")
    ),
    shows: (store) => [get(find(store, ({ state }) => state === "draft").id)]
  },
  {
    id: "unknown-is-gone",
    law: "responses/status",
    operation: "connections.get",
    summary: "Answers 410 in the place of 404",
    mutate: rewriteAnswer("connections.get", 404, status(410)),
    shows: () => [get("conn_01E4ZCR3C56J083X43JQXF3JK5")]
  },
  {
    id: "deletions-are-accepted",
    law: "responses/status",
    operation: "connections.delete",
    summary: "Answers a deletion with 202",
    writes: true,
    mutate: rewriteAnswer("connections.delete", "success", answer(202)),
    shows: (store) => [remove(at(store, 0))]
  },
  {
    id: "creations-are-accepted",
    law: "responses/status",
    operation: "connections.create",
    summary: "Answers a creation with 202",
    writes: true,
    mutate: rewriteAnswer("connections.create", "success", status(202)),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

/**
 * responses/accepted: good requests that are refused.
 */
const refused: ReadonlyArray<Mutant> = [
  {
    id: "refuses-100-rows",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses a limit of 100, which is the largest",
    subtle: true,
    mutate: insteadOf(
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
    mutate: insteadOf(
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
    summary: "Refuses to filter by types of OpenID Connect",
    subtle: true,
    mutate: insteadOf(
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
    summary: "Refuses to go back in ascending order",
    subtle: true,
    mutate: insteadOf(
      "connections.list",
      ({ query }) => query.get("order") === "asc" && query.has("before"),
      refuse(422, "before can only be used in descending order")
    ),
    shows: (store) => [list(`order=asc&before=${at(store, 100)}`)]
  },
  {
    id: "refuses-search-with-cursor",
    law: "responses/accepted",
    operation: "connections.list",
    summary: "Refuses to go on in a search",
    subtle: true,
    mutate: insteadOf(
      "connections.list",
      (asked) => asked.query.has("search") && isContinued(asked),
      refuse(422, "search cannot be combined with pagination")
    ),
    shows: (store) => [list(`search=a&order=desc&after=${at(store, 100)}`)]
  },
  {
    id: "forbids-inactive-connections",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Forbids to get a connection that is inactive, though lists show it",
    subtle: true,
    mutate: insteadOf(
      "connections.get",
      ({ id }, { connections }) => connections.get(id)?.state === "inactive",
      refuse(403, "The connection is inactive")
    ),
    shows: (store) => [get(find(store, ({ state }) => state === "inactive").id)]
  }
]

export const statuses: ReadonlyArray<Mutant> = [...serverErrors, ...undocumented, ...refused]
