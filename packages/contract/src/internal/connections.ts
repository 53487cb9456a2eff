// The laws that apply to the connections of WorkOS and to its lists.
import * as Effect from "effect/Effect"
import { valueAt, isRow } from "@effect-workos/contract-engine/ApiConventions"
import { describe, excerpt } from "@effect-workos/contract-engine/Exchange"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Sampling from "@effect-workos/contract-engine/Sampling"
import * as Law from "@effect-workos/contract-engine/Law"
import * as Responses from "@effect-workos/contract-engine/Responses"
import * as Property from "@effect-workos/contract-engine/Property"
import { hasBefore } from "@effect-workos/contract-engine/Applies"
import { Session } from "@effect-workos/contract-engine/Session"
import * as PageChecks from "@effect-workos/contract-engine/PageChecks"
import * as PageQuery from "@effect-workos/contract-engine/PageQuery"

const reference = "https://workos.com/docs/reference"

const isConnections = (name: string) => (operation: { readonly id: string }) => operation.id === `connections.${name}`

const normalOrder: Law.Law = {
  id: "workos/normal-order",
  sentence: "The order `normal` is descending with reversed cursors: `before` returns older rows.",
  source: {
    kind: "expected",
    text: "The parameter order has the value normal, which the pages of other lists describe as “descending with reversed cursor semantics where before fetches older records and after fetches newer records”.",
    url: `${reference}/pagination`
  },
  severity: "error",
  comparesLists: true,
  appliesTo: (operation, description) =>
    hasBefore(operation, description) &&
    operation.query.some(({ literals, name }) => name === "order" && literals.includes("normal")),
  check: PageChecks.forEachPageQuery("sequence", (query, sample) =>
    Effect.gen(function* () {
      if (query.order !== "descending") return Property.inconclusive
      const { after, filters, limit } = query
      const descending = yield* PageChecks.fetchPage(sample, PageQuery.requestFor(sample, query))
      const normal = yield* PageChecks.fetchPage(
        sample,
        Sampling.pageRequest(sample.operation, sample.lists, {
          limit,
          filters: [["order", "normal"], ...filters],
          before: after
        })
      )
      if (descending === undefined || normal === undefined) return Property.inconclusive
      const requests = [descending.exchange.request]
      if (!PageQuery.sameIds(normal.ids, descending.ids)) {
        return PageQuery.mismatch(
          normal.exchange,
          "the page is not the next page in descending order",
          PageQuery.describeIds(descending.ids, normal.ids),
          PageQuery.describeIds(normal.ids, descending.ids),
          requests
        )
      }
      // In this order, `before` is the cursor to the next page.
      return (normal.previous === null) === (descending.next === null)
        ? Property.passed
        : PageQuery.mismatch(
            normal.exchange,
            "the cursor `before` differs from `after` in descending order",
            String(descending.next),
            String(normal.previous),
            requests
          )
    })
  )
}

const required = ["status"]

const requiredFields: Law.Law = {
  id: "workos/required-fields",
  sentence: "A connection has `status`, which the OpenAPI description requires and the reference page omits.",
  source: {
    kind: "documented",
    text: "The schema Connection requires status (deprecated); the samples on the reference page omit it.",
    url: `${reference}/sso/connection`
  },
  severity: "drift",
  appliesTo: ({ id }) => id.startsWith("connections.") && id !== "connections.delete",
  ...Responses.forEachResponse(({ response, request }) => {
    const listed = valueAt(response.json, ["data"])
    const rows = (Array.isArray(listed) ? listed : [response.json]).filter(isRow)
    const connections = rows.filter(({ object }) => object === "connection")
    if (connections.length === 0) return Property.inconclusive
    const missing = required.filter((name) => connections.some((row) => !(name in row)))
    return missing.length === 0
      ? Property.passed
      : Law.violation({
          message: `${describe(request)}: a connection lacks ${missing.join(", ")}`,
          requests: [request],
          expected: `connections with ${required.join(", ")}`,
          actual: excerpt(response),
          at: { fields: missing }
        })
  }, "no response had a connection")
}

const gitHubFilter: Law.Law = {
  id: "workos/github-filter",
  sentence: "The filter `GithubOAuth` selects connections of the type `GitHubOAuth`.",
  source: {
    kind: "expected",
    text: "Responses spell the type GitHubOAuth, and the filter has only the value GithubOAuth for it.",
    url: `${reference}/sso/connection/list`
  },
  // The sources spell the type differently, and none states that both spellings are the same type.
  severity: "drift",
  comparesLists: true,
  impliedBy: ["lists"],
  appliesTo: isConnections("list"),
  check: PageChecks.forEachPageQuery(
    "plain",
    (query, sample) =>
      Effect.gen(function* () {
        const wanted = query.rows.filter(({ connection_type: type }) => type === "GitHubOAuth")
        if (wanted.length === 0) return Property.inconclusive
        const ids = wanted.slice(0, query.limit).map((row) => String(row[sample.lists.id]))
        const { limit, order } = query
        const request = Sampling.pageRequest(sample.operation, sample.lists, {
          order,
          limit,
          filters: [["connection_type", "GithubOAuth"]]
        })
        const page = yield* PageChecks.fetchPage(sample, request)
        if (page === undefined) return Property.inconclusive
        return PageQuery.sameIds(page.ids.slice(0, ids.length), ids)
          ? Property.passed
          : PageQuery.mismatch(
              page.exchange,
              `the filter does not select the ${wanted.length} connections of the type GitHubOAuth`,
              PageQuery.describeIds(ids, page.ids),
              PageQuery.describeIds(page.ids, ids)
            )
      }),
    { skipReason: "no connection has the type GitHubOAuth", runs: (runs) => Math.ceil(runs / 10) }
  )
}

const externalId: Law.Law = {
  id: "workos/external-id",
  sentence:
    "Creating a connection with an `external_id` that exists in its organization returns the existing connection.",
  source: {
    kind: "documented",
    text: "“When external_id matches an existing connection in the organization, that connection is returned instead of creating a duplicate.”",
    url: `${reference}/sso/connection/create`
  },
  severity: "error",
  writes: true,
  appliesTo: isConnections("create"),
  check: (operation) =>
    Effect.gen(function* () {
      const session = yield* Session
      const resource = yield* Lifecycle.creatableOf(operation, session.description)
      const rows = yield* Sampling.rowsOf(session.description.operations, session.description.conventions)
      const [organization] = Sampling.fieldValues(rows, "organization_id")
      if (organization === undefined) return Law.skipped("no list contains an organization id")
      const body = { organization_id: organization, external_id: "given below" }
      return yield* Property.forEach([1], () =>
        Effect.gen(function* () {
          const first = yield* Lifecycle.createOne(resource, body)
          const { exchange, created: again } = yield* Lifecycle.sendCreate(resource, first.exchange.request)
          const { response, request } = exchange
          const isSame = response.status < 300 && isRow(response.json) && response.json["id"] === first.id
          for (const connection of again === undefined || again.id === first.id ? [first] : [first, again]) {
            yield* Lifecycle.remove(connection.removal, connection.id)
          }
          return isSame
            ? Property.passed
            : Law.violation({
                message: `${describe(request)} created another connection with the same external_id`,
                requests: [first.exchange.request, request],
                expected: `the connection ${first.id}`,
                actual: excerpt(response)
              })
        })
      )
    })
}

export const connections: ReadonlyArray<Law.Law> = [normalOrder, requiredFields, gitHubFilter, externalId]
