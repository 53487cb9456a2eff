// Lists that are nested in the rows of other lists, on an API of projects and their tasks.
import * as Contract from "../src/Contract.ts"
import type { ApiConventions } from "../src/ApiConventions.ts"
import { laws } from "../src/laws.ts"
import * as Suite from "../src/Suite.ts"
import * as Target from "../src/Target.ts"
import { linesOf, ofLaw } from "@effect-workos/testing/Results"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const ProjectId = Schema.String.check(Schema.isPattern(/^p-[0-9]{8}$/))
const TaskId = Schema.String.check(Schema.isPattern(/^t-[0-9]{8}$/))
const Row = Schema.Struct({ id: Schema.String, created: Schema.String.annotate({ format: "date-time" }) })
const Problem = Schema.Struct({ problem: Schema.String })
const invalid = Problem.pipe(HttpApiSchema.status(400))
const missing = Problem.pipe(HttpApiSchema.status(404))
const page = Schema.Struct({ rows: Schema.Array(Row), next: Schema.NullOr(Schema.String) })

const query = (id: Schema.Codec<string>) => ({
  limit: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 }))),
  after: Schema.optional(id)
})

const params = { projectId: ProjectId }

const Projects = HttpApi.make("projects-api").add(
  HttpApiGroup.make("projects").add(
    HttpApiEndpoint.get("list", "/projects", { query: query(ProjectId), success: page, error: invalid })
  ),
  HttpApiGroup.make("tasks").add(
    HttpApiEndpoint.get("list", "/projects/:projectId/tasks", {
      params,
      query: query(TaskId),
      success: page,
      error: [invalid, missing]
    }),
    HttpApiEndpoint.get("get", "/projects/:projectId/tasks/:id", {
      params: { ...params, id: TaskId },
      success: Row,
      error: [invalid, missing]
    }),
    HttpApiEndpoint.post("create", "/projects/:projectId/tasks", {
      params,
      payload: Schema.Struct({ title: Schema.String }),
      success: Row.pipe(HttpApiSchema.status(201)),
      error: [invalid, missing]
    }),
    HttpApiEndpoint.delete("delete", "/projects/:projectId/tasks/:id", {
      params: { ...params, id: TaskId },
      success: HttpApiSchema.NoContent,
      error: [invalid, missing]
    })
  )
)

const conventions: ApiConventions = {
  lists: {
    items: ["rows"],
    pagination: { _tag: "Cursor", cursors: "ids", after: "after", next: ["next"] },
    limit: { parameter: "limit", defaultValue: 10, maximum: 20 },
    id: "id",
    created: "created"
  }
}

const suite = Suite.make({ api: Projects, conventions, laws })

type Fault = "lists tasks of other projects" | "skips a task at page boundaries" | "keeps deleted tasks"

interface Task {
  readonly id: string
  readonly project: string
  readonly created: string
}

const json = (body: unknown, status = 200) => Response.json(body, { status })

const rowOf = ({ created, id }: Task) => ({ id, created })
const pageOf = (rows: ReadonlyArray<{ readonly id: string }>, search: URLSearchParams, skipped: number) => {
  const limit = search.get("limit") ?? "10"
  const after = search.get("after")
  const start = after === null ? 0 : rows.findIndex(({ id }) => id === after) + 1 + skipped
  if (!/^(?:[1-9]|1\d|20)$/.test(limit) || (after !== null && rows.every(({ id }) => id !== after)))
    return json({ problem: "invalid query" }, 400)
  const found = rows.slice(start, start + Number(limit))
  return json({ rows: found, next: start + found.length < rows.length ? (found.at(-1)?.id ?? null) : null })
}

/** A server with three projects, of which the second has the most tasks. */
const serverOf = (fault?: Fault): typeof globalThis.fetch => {
  const projects = ["p-40810003", "p-40810002", "p-40810001"].map((id) => ({ id, created: "2026-01-01T00:00:00.000Z" }))
  const tasks: Array<Task> = Array.from({ length: 50 }, (_, index) => ({
    id: `t-${70_900_000 - index}`,
    project: index % 5 === 0 ? "p-40810001" : index % 17 === 0 ? "p-40810003" : "p-40810002",
    created: new Date(Date.UTC(2026, 0, 2) - index * 1000).toISOString()
  }))
  let count = 70_900_000
  return async (input, init) => {
    const request = new Request(input, init)
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === "/projects" && request.method === "GET") return pageOf(projects, searchParams, 0)
    const [, project, id] = /^\/projects\/([^/]+)\/tasks(?:\/([^/]*))?$/.exec(pathname) ?? []
    if (project === undefined || projects.every((one) => one.id !== project)) return json({ problem: "not found" }, 404)
    if (id === undefined) {
      if (request.method === "POST") {
        const body: unknown = await request.json().catch(() => undefined)
        if (!Schema.is(Schema.Struct({ title: Schema.String }))(body)) return json({ problem: "invalid body" }, 400)
        const task = { id: `t-${++count}`, project, created: new Date().toISOString() }
        tasks.unshift(task)
        return json(rowOf(task), 201)
      }
      if (request.method !== "GET") return json({ problem: "not found" }, 404)
      const own = tasks.filter((task) => task.project === project || fault === "lists tasks of other projects")
      return pageOf(own.map(rowOf), searchParams, fault === "skips a task at page boundaries" ? 1 : 0)
    }
    const task = tasks.find((task) => task.id === id && task.project === project)
    if (task === undefined || !["GET", "DELETE"].includes(request.method)) return json({ problem: "not found" }, 404)
    if (request.method === "GET") return json(rowOf(task))
    if (fault !== "keeps deleted tasks") tasks.splice(tasks.indexOf(task), 1)
    return new Response(null, { status: 204 })
  }
}

const verify = (fault?: Fault) =>
  Contract.verify(suite, { runs: 5, writes: true }).pipe(
    Effect.provide(Target.layer({ baseUrl: "http://projects.test" }).pipe(Layer.provide(FetchHttpClient.layer))),
    Effect.provideService(FetchHttpClient.Fetch, serverOf(fault))
  )

describe("a list nested in the rows of another list", () => {
  it.live("a conforming server passes the laws of lists and lifecycles for a nested list", () =>
    Effect.gen(function* () {
      const report = yield* verify()
      assert.deepStrictEqual([...linesOf(report, "failed"), ...linesOf(report, "drift")], [])
      const passed = new Set(
        report.results.filter(({ status }) => status === "passed").map(({ law, operation }) => `${law} ${operation}`)
      )
      for (const check of [
        "lists/complete tasks.list",
        "lists/any-cursor tasks.list",
        "resources/get-matches-list tasks.get",
        "resources/unknown-id tasks.list",
        "lifecycle/created-in-get tasks.create",
        "lifecycle/deleted-from-lists tasks.delete"
      ])
        assert.isTrue(
          passed.has(check),
          `${check}: ${linesOf(report, "skipped")
            .filter((l) => l.startsWith(check))
            .join()}`
        )
    })
  )

  it.live("a server fails the laws of nested lists with the rows of the parent that has the most", () =>
    Effect.gen(function* () {
      const [complete] = ofLaw(yield* verify("skips a task at page boundaries"), "lists/complete").filter(
        ({ operation }) => operation === "tasks.list"
      )
      assert.strictEqual(complete?.status, "failed")
      assert.include(complete?.counterexample?.curl, "/projects/p-40810002/tasks?")
      const leaked = ofLaw(yield* verify("lists tasks of other projects"), "resources/get-matches-list")
      assert.deepStrictEqual(
        leaked.map(({ status }) => status),
        ["failed"]
      )
      const kept = ofLaw(yield* verify("keeps deleted tasks"), "lifecycle/deleted-from-lists")
      assert.deepStrictEqual(
        kept.map(({ status }) => status),
        ["failed"]
      )
    })
  )
})
