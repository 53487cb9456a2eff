// Results of laws: no law passes without cases, and no report contains the key.
import { sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Exchange from "@effect-workos/contract-engine/Exchange"
import * as Law from "@effect-workos/contract-engine/Law"
import * as Property from "@effect-workos/contract-engine/Property"
import * as Responses from "@effect-workos/contract-engine/Responses"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { idOf, linesOf, ofLaw, unfounded } from "@effect-workos/testing/Results"
import { emulated, replacing, report, smallStore, type Wrap } from "./running.ts"
import { connections } from "../suites.ts"

const key = Redacted.value(Emulator.defaultApiKey)

describe("a passed result", () => {
  it.live("a passed result is based on cases and requests", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(), { writes: true })
      assert.deepStrictEqual(linesOf(found, "failed"), [])
      assert.deepStrictEqual(unfounded(found), [])
      assert.isAbove(found.summary.passed, 80)
    })
  )

  it.live("a passed result states that only the ends of a long list were read", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(250), { laws: ["lists"], maxRows: 110 })
      assert.deepStrictEqual(linesOf(found, "failed"), [])
      const [complete] = ofLaw(found, "lists/complete")
      assert.match(complete?.message ?? "", /^passed in \d+ cases, among the first 110 rows from either end$/)
      assert.strictEqual(ofLaw(found, "lists/cursors-end")[0]?.status, "passed")
    })
  )
})

describe("an empty store", () => {
  it.live("an empty store fails no law, and laws that need data are skipped with a reason", () =>
    Effect.gen(function* () {
      const store = yield* Store.seeded({ connections: 0, organizations: 3, seed: 1 })
      const found = yield* report(store, { writes: true })
      assert.deepStrictEqual([...linesOf(found, "failed"), ...linesOf(found, "drift")], [])
      assert.deepStrictEqual(unfounded(found), [])
      const skipped = new Set(found.results.filter(({ status }) => status === "skipped").map((result) => idOf(result)))
      const needData = [
        "lists/complete connections.list",
        "lists/order connections.list",
        "lists/reverse connections.list",
        "lists/page-size connections.list",
        "lists/filter-complete connections.list",
        "lists/any-cursor connections.list",
        "resources/get-matches-list connections.get",
        "lifecycle/created-in-get connections.create",
        "lifecycle/model connections.create",
        "workos/external-id connections.create"
      ]
      assert.deepStrictEqual(
        needData.filter((result) => !skipped.has(result)),
        []
      )
      for (const { message, status } of found.results) if (status === "skipped") assert.match(message, /\w+ \w+ \w+/)
      assert.match(ofLaw(found, "lifecycle/model")[0]?.message ?? "", /^no resource could be created: POST .* 422/)
      // Laws that need no data are checked.
      assert.include(ofLaw(found, "input/limit")[0], { status: "passed" })
      assert.include(ofLaw(found, "access/no-key")[0], { status: "passed" })
    })
  )
})

describe("a counterexample", () => {
  const crowded = replacing(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== "/connections" || Number(searchParams.get("limit")) < 7 || response.status !== 200) return response
    const page: { readonly data: ReadonlyArray<unknown> } = await response.json()
    return Response.json({ ...page, data: [...page.data, ...page.data.slice(0, 1)] }, response)
  })

  it.live("a counterexample is minimal, with a curl command and a command that replays the run", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(), { seed: 9, runs: 50, laws: ["lists/limit"] }, crowded)
      const [result] = ofLaw(found, "lists/limit")
      assert.match(result?.message ?? "", /^GET \/connections\?limit=7&order=desc: 8 rows exceed the limit of 7$/)
      assert.deepStrictEqual(
        { ...result?.counterexample, actual: "" },
        {
          curl: `curl -H "Authorization: Bearer $WORKOS_API_KEY" 'http://workos.test/connections?limit=7&order=desc'`,
          expected: "at most 7 rows",
          actual: "",
          kind: "… rows exceed the limit of …",
          requests: [
            {
              operation: "connections.list",
              method: "GET",
              path: "/connections",
              query: [
                ["limit", "7"],
                ["order", "desc"]
              ],
              access: "granted"
            }
          ],
          replay: "effect-workos verify --seed 9 --runs 50 --laws lists/limit --operations connections.list"
        }
      )
      assert.match(result?.counterexample?.actual ?? "", /^8 rows: conn_/)
    })
  )

  it.live("a counterexample lists the documented values of an enumeration, and the other failing values", () =>
    Effect.gen(function* () {
      const lenient = replacing(async (request, response) => {
        const { pathname, searchParams } = new URL(request.url)
        if (pathname === "/connections" && response.status === 422) {
          return searchParams.has("order") ? Response.json({ object: "list", data: [], list_metadata: {} }) : response
        }
        return new Response((await response.text()).replaceAll('"state":"active"', '"state":"Active"'), response)
      })
      const laws = ["input/enum", "responses/undocumented-value"]
      const found = yield* report(yield* smallStore(), { runs: 5, laws }, lenient)
      const [order] = ofLaw(found, "input/enum")
      assert.match(order?.counterexample?.expected ?? "", /^one of .*422; documented values: asc, desc, normal$/)
      assert.strictEqual(order?.counterexample?.kind, "parameter order, status 200")
      assert.isAbove(order?.others?.length ?? 0, 5)
      const [state] = ofLaw(found, "responses/undocumented-value")
      assert.match(state?.counterexample?.expected ?? "", /^one of the documented values: .*\bactive\b/)
      assert.strictEqual(state?.counterexample?.kind, "field state")
    })
  )

  it.live("a counterexample with a wrong key refers to the environment variable instead of the key", () =>
    Effect.gen(function* () {
      // The server accepts any prefix of the key.
      const careless: Wrap = (serve) => (input, init) => {
        const request = new Request(input, init)
        const given = request.headers.get("authorization") ?? ""
        if (given.length > 20 && `Bearer ${key}`.startsWith(given))
          request.headers.set("authorization", `Bearer ${key}`)
        return serve(request)
      }
      const found = yield* report(yield* smallStore(), { laws: ["access"] }, careless)
      const [wrong] = ofLaw(found, "access/wrong-key")
      assert.strictEqual(wrong?.status, "failed")
      assert.match(wrong?.counterexample?.curl ?? "", /-H "Authorization: Bearer \$\{WORKOS_API_KEY%\?\}"/)
      assert.notInclude(JSON.stringify(found), key.slice(0, -1))
    })
  )
})

/** A server that repeats the received credentials in its responses. */
const repeating = (padding: number, isList: boolean) =>
  replacing(async (request, response) => {
    const authorization = request.headers.get("authorization") ?? ""
    const echoed = { message: `${" ".repeat(padding)}${authorization}`, [authorization]: authorization }
    const body: Record<string, unknown> = response.status === 200 ? await response.json() : {}
    const headers = {
      "content-type": isList ? `application/${key}+json` : authorization,
      [key]: key,
      "x-request-id": authorization,
      location: key
    }
    const status = isList ? response.status : response.status === 401 ? 403 : 202
    return new Response(JSON.stringify({ ...echoed, ...body }), { status: status === 204 ? 200 : status, headers })
  })

describe("the key", () => {
  const pieces = Array.from({ length: key.length - 9 }, (_, index) => key.slice(0, 10 + index))

  it.live("the key is never in a report, even if a server returns it", () =>
    Effect.gen(function* () {
      // An excerpt of a response may end within the key.
      const laws = ["responses", "access", "lifecycle"]
      for (const padding of sample([0, 367, 371], 2)) {
        const found = yield* report(
          yield* smallStore(),
          { runs: 1, laws, writes: true },
          repeating(padding, padding === 0)
        )
        assert.isAbove(found.summary.failed + found.summary.drift, 2)
        const text = JSON.stringify(found)
        assert.deepStrictEqual(
          pieces.filter((piece) => text.includes(piece)),
          []
        )
      }
    })
  )
})

describe("a secret", () => {
  it.live("an empty token in a response does not garble the report", () =>
    Effect.gen(function* () {
      const careless = replacing(async (request, response) => {
        if (new URL(request.url).pathname !== "/sso/token" || response.status !== 200) return response
        const body: Record<string, unknown> = await response.json()
        return Response.json({ ...body, access_token: "", novelty: true }, response)
      })
      const operations = WorkOs.suite.operations.filter(({ id }) => /^sso\.|^connections\.list$/.test(id))
      const suite = { ...WorkOs.suite, operations }
      const settings = { runs: 1, writes: true, clientId: Clients.defaultClientId }
      const { results } = yield* Contract.verify(suite, { ...settings, laws: ["responses/undocumented-field"] }).pipe(
        Effect.provide(emulated(careless)),
        Effect.provideService(Store.Store, yield* smallStore())
      )
      const [drift] = results.filter(({ status }) => status === "drift")
      assert.include(drift?.message, "novelty: undocumented field (true)")
      assert.match(drift?.counterexample?.curl ?? "", /^curl -X POST /)
    })
  )
})

describe("a custom law", () => {
  const named: Law.Law = {
    id: "acme/no-request-ids",
    sentence: "No response has a request id.",
    source: { kind: "expected", text: "Our handbook, chapter 4.", url: "https://acme.example/handbook#4" },
    severity: "error",
    appliesTo: ({ id }) => id === "connections.list",
    ...Responses.forEachResponse(({ response, request }) =>
      response.headers["x-request-id"] === undefined
        ? Property.passed
        : Law.violation({
            message: `${Exchange.describe(request)} returned a request id`,
            requests: [request],
            expected: "no header x-request-id",
            actual: Exchange.excerpt(response)
          })
    )
  }

  it.live("a custom law is checked and reported with its sentence and its source", () =>
    Effect.gen(function* () {
      const suite = { ...connections, laws: [...connections.laws, named] }
      const { results } = yield* Contract.verify(suite, { runs: 5, laws: ["acme", "lists/limit"] }).pipe(
        Effect.provide(emulated()),
        Effect.provideService(Store.Store, yield* smallStore())
      )
      assert.deepStrictEqual(results.map(idOf), [
        "lists/limit connections.list",
        "acme/no-request-ids connections.list"
      ])
      const [, own] = results
      assert.include(own, { status: "failed", sentence: named.sentence })
      assert.deepStrictEqual(own?.source, named.source)
      assert.match(own?.counterexample?.curl ?? "", /^curl .*connections/)
    })
  )
})

describe("drift", () => {
  it.live("drift does not count as a failure", () =>
    Effect.gen(function* () {
      const novel = replacing(async (request, response) => {
        if (request.method !== "GET" || response.status !== 200) return response
        const body: Record<string, unknown> = await response.json()
        return Response.json({ ...body, novelty: true }, response)
      })
      const found = yield* report(yield* smallStore(), { laws: ["responses", "resources"] }, novel)
      assert.strictEqual(found.summary.failed, 0)
      assert.deepStrictEqual(found.results.filter(({ status }) => status === "drift").map(idOf), [
        "responses/undocumented-field connections.list",
        "responses/undocumented-field connections.get"
      ])
      const [drift] = ofLaw(found, "responses/undocumented-field")
      assert.include(drift?.message, "novelty: undocumented field (true)")
      assert.include(drift?.counterexample?.curl, "curl ")
    })
  )
})
