// What WorkOS promises of connections, and of its lists.
import * as Effect from "effect/Effect"
import { at, isRow } from "../../Convention.ts"
import { describe, excerpt } from "../../Exchange.ts"
import * as Exercise from "../Exercise.ts"
import * as Harvest from "../Harvest.ts"
import * as Law from "../../Law.ts"
import * as Observation from "../../Observation.ts"
import * as Property from "../Property.ts"
import { resourceOf } from "../Resource.ts"
import { hasBefore } from "../laws/lists/applies.ts"
import { Session } from "../../Session.ts"
import * as Window from "../Window.ts"

const reference = "https://workos.com/docs/reference"

const isConnections = (name: string) => (operation: { readonly id: string }) => operation.id === `connections.${name}`

const normalOrder: Law.Law = {
  id: "workos/normal-order",
  sentence: "The order `normal` is descending, with its cursors the other way round: `before` goes on to older ones.",
  source: {
    kind: "expected",
    text: "order lists normal; other lists say of it: “descending with reversed cursor semantics where before fetches older records and after fetches newer records”.",
    url: `${reference}/pagination`
  },
  severity: "error",
  overLists: true,
  appliesTo: (operation, description) =>
    hasBefore(operation, description) &&
    operation.query.some(({ literals, name }) => name === "order" && literals.includes("normal")),
  check: Window.everyWindow((view, numbers) =>
    Effect.gen(function* () {
      const window = Window.cut(view, numbers, { order: "descending", filtered: "maybe" })
      if (window === undefined) return "vacuous"
      const { after, filters, limit } = window
      const descending = yield* Window.pageOf(view, Window.requestFor(view, window))
      const normal = yield* Window.pageOf(
        view,
        Harvest.pageRequest(view.operation, view.lists, {
          limit,
          filters: [["order", "normal"], ...filters],
          before: after
        })
      )
      if (descending === undefined || normal === undefined) return "vacuous"
      const requests = [descending.exchange.request]
      if (!Window.sameIds(normal.ids, descending.ids)) {
        return Window.mismatch(
          normal.exchange,
          "it is not the page that follows in descending order",
          Window.tell(descending.ids, normal.ids),
          Window.tell(normal.ids, descending.ids),
          requests
        )
      }
      // The cursor that goes on is `before`.
      return (normal.previous === null) === (descending.next === null)
        ? "holds"
        : Window.mismatch(
            normal.exchange,
            "its cursor `before` is not what `after` is in descending order",
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
  sentence: "A connection has the fields that the OpenAPI description requires and the reference page's samples lack.",
  source: {
    kind: "documented",
    text: "The schema Connection requires status (deprecated); the samples of the reference page are without it.",
    url: `${reference}/sso/connection`
  },
  severity: "drift",
  appliesTo: ({ id }) => id.startsWith("connections.") && id !== "connections.delete",
  check: Observation.everyAnswer(({ answer, request }) => {
    const listed = at(answer.json, ["data"])
    const rows = (Array.isArray(listed) ? listed : [answer.json]).filter(isRow)
    const connections = rows.filter(({ object }) => object === "connection")
    if (connections.length === 0) return "vacuous"
    const missing = required.filter((name) => connections.some((row) => !(name in row)))
    return missing.length === 0
      ? undefined
      : {
          message: `${describe(request)}: a connection is without ${missing.join(", ")}`,
          expected: `connections with ${required.join(", ")}`,
          actual: excerpt(answer)
        }
  }, "no connection was shown")
}

const gitHubFilter: Law.Law = {
  id: "workos/github-filter",
  sentence: "Connections of the type `GitHubOAuth` are found by the filter `GithubOAuth`.",
  source: {
    kind: "expected",
    text: "The type is GitHubOAuth in answers and GithubOAuth among the values of the filter, which has no other for it.",
    url: `${reference}/sso/connection/list`
  },
  // The sources differ in a letter, and none says that both mean the same.
  severity: "drift",
  overLists: true,
  appliesTo: isConnections("list"),
  check: Window.everyWindow(
    (view, numbers) =>
      Effect.gen(function* () {
        const window = Window.cut(view, numbers, { at: "first" })
        if (window === undefined) return "vacuous"
        const wanted = window.rows.filter(({ connection_type: type }) => type === "GitHubOAuth")
        if (wanted.length === 0) return "vacuous"
        const ids = wanted.slice(0, window.limit).map((row) => String(row[view.lists.id]))
        const { limit, order } = window
        const request = Harvest.pageRequest(view.operation, view.lists, {
          order,
          limit,
          filters: [["connection_type", "GithubOAuth"]]
        })
        const page = yield* Window.pageOf(view, request)
        if (page === undefined) return "vacuous"
        return Window.sameIds(page.ids.slice(0, ids.length), ids)
          ? "holds"
          : Window.mismatch(
              page.exchange,
              `${wanted.length} connections have the type GitHubOAuth, and they are not what it finds`,
              Window.tell(ids, page.ids),
              Window.tell(page.ids, ids)
            )
      }),
    { vacuous: "there is no connection of the type GitHubOAuth", runs: (runs) => Math.ceil(runs / 10) }
  )
}

const externalId: Law.Law = {
  id: "workos/external-id",
  sentence:
    "Creating a connection with an `external_id` that its organization has already returns the one that has it.",
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
      const resource = resourceOf(operation, session.description)
      const { lists } = session.description.convention
      if (!Exercise.isCreatable(resource)) return Law.notExercised("nothing of its kind can be created")
      const rows = yield* Harvest.rowsOf(session.description.operations, lists)
      const [organization] = Harvest.valuesUnder(rows, "organization_id")
      if (organization === undefined) return Law.notExercised("no organization is known to create one in")
      const body = { organization_id: organization, external_id: "given below" }
      return yield* Property.forEach([1], () =>
        Effect.gen(function* () {
          const first = yield* Exercise.createOrExplain(resource, body)
          if (first.reason !== undefined) return "vacuous"
          const { exchange, own: again } = yield* Exercise.sendToCreate(resource, first.exchange.request)
          const { answer, request } = exchange
          const isSame = answer.status < 300 && isRow(answer.json) && answer.json["id"] === first.id
          for (const own of again === undefined || again.id === first.id ? [first] : [first, again]) {
            yield* Exercise.remove(own.removal, own.id)
          }
          return isSame
            ? "holds"
            : {
                message: `${describe(request)} created another connection with the same external_id`,
                requests: [first.exchange.request, request],
                expected: `the connection ${first.id}`,
                actual: excerpt(answer)
              }
        })
      )
    })
}

export const connections: ReadonlyArray<Law.Law> = [normalOrder, requiredFields, gitHubFilter, externalId]
