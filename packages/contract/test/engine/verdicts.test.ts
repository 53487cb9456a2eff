// Guarantees of results: no law passes without cases, existing data is untouched, and equal runs have equal results.
import { runs, sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "../../src/Contract.ts"
import * as Exchange from "../../src/Exchange.ts"
import type * as Law from "../../src/Law.ts"
import * as Responses from "../../src/Responses.ts"
import type { Result } from "../../src/Result.ts"
import type { Settings } from "../../src/internal/Settings.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { emulated, idOf, type Wrap, ofLaw, report, smallStore, linesOf, unfounded } from "./running.ts"
import { connections } from "../suites.ts"

const key = Redacted.value(Emulator.defaultApiKey)

/** Records the requests to a server. */
const recording =
  (requests: Array<Request>): Wrap =>
  (serve) =>
  (input, init) => {
    const request = new Request(input, init)
    requests.push(request.clone())
    return serve(request)
  }

/** A server that replaces some responses. */
const replacing =
  (replace: (request: Request, response: Response) => Response | Promise<Response>): Wrap =>
  (serve) =>
  async (input, init) => {
    const request = new Request(input, init)
    return replace(request.clone(), await serve(request))
  }

const contentsOf = ({ connections }: Store.Store["Service"]) => JSON.stringify(connections.rows)

describe("a passed result", () => {
  it.live("a passed result is based on cases and requests", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(), { runs: 2, writes: true })
      assert.deepStrictEqual(linesOf(found, "failed"), [])
      assert.deepStrictEqual(unfounded(found), [])
      assert.isAbove(found.summary.passed, 80)
    })
  )

  it.live("a passed result states that only the ends of a long list were read", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(250), { runs: runs(10, 4), only: ["lists"], maxRows: 110 })
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

describe("a run that only reads", () => {
  it.live("a run that only reads sends only GET requests, and skips the other checks with a reason", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      const requests: Array<Request> = []
      const found = yield* report(store, {}, recording(requests))
      assert.deepStrictEqual([...new Set(requests.map(({ method }) => method))], ["GET"])
      assert.strictEqual(requests.length, found.requests)
      const writing = new Set(WorkOs.suite.laws.filter(({ writes }) => writes === true).map(({ id }) => id))
      const isWritten = ({ law, operation }: Result) => writing.has(law) || /create|delete/.test(operation)
      const written = found.results.filter(isWritten)
      const read = found.results.filter((result) => !isWritten(result))
      assert.isAbove(written.length, 20)
      assert.deepStrictEqual(
        [...new Set(written.map(({ message, requests, status }) => `${status} ${requests}: ${message}`))],
        ["skipped 0: writing is not allowed; pass --writes to allow it"]
      )
      assert.isAbove(read.length, 50)
      assert.isTrue(read.every(({ requests, status }) => status === "skipped" || requests > 0))
      assert.strictEqual(contentsOf(store), before)
    })
  )
})

describe("a run that writes", () => {
  it.live("a run that writes leaves the store unchanged and deletes only rows that it created", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      const ids = new Set<string>(store.connections.rows.map(({ id }) => id))
      const requests: Array<Request> = []
      const only = ["lifecycle", "responses/status", "input/malformed-body", "access", "workos/external-id"]
      const found = yield* report(store, { runs: 40, writes: true, only }, recording(requests))
      assert.deepStrictEqual(linesOf(found, "failed"), [])
      assert.isAbove(requests.filter(({ method }) => method === "POST").length, 20)
      const deleted = requests.flatMap(({ method, url }) => (method === "DELETE" ? [url.split("/").at(-1) ?? ""] : []))
      assert.isAbove(deleted.length, 20)
      assert.deepStrictEqual(
        deleted.filter((id) => ids.has(id)),
        []
      )
      assert.strictEqual(contentsOf(store), before)
    })
  )

  it.live("a run that writes leaves the store unchanged if checks fail", () =>
    Effect.gen(function* () {
      // Created rows cannot be read, and the first deletion of a row fails.
      const tried = new Set<string>()
      const forgetful: Wrap = (serve, { connections }) => {
        const existing = new Set<string>(connections.rows.map(({ id }) => id))
        return async (input, init) => {
          const request = new Request(input, init)
          const id = new URL(request.url).pathname.split("/")[2] ?? ""
          if (request.method === "DELETE" && connections.get(id) !== undefined && !tried.has(id)) {
            tried.add(id)
            return Response.json({ message: "later" }, { status: 503 })
          }
          const response = await serve(request)
          return request.method === "GET" && id !== "" && !existing.has(id)
            ? Response.json({ message: "Not Found" }, { status: 404 })
            : response
        }
      }
      const store = yield* smallStore()
      const before = contentsOf(store)
      const only = ["lifecycle", "responses"]
      const found = yield* report(store, { runs: 20, writes: true, only }, forgetful)
      const failed = found.results.filter(({ status }) => status === "failed").map(({ law }) => law)
      assert.includeMembers(failed, ["lifecycle/created-in-get", "lifecycle/model", "responses/no-server-error"])
      assert.isAbove(tried.size, 3)
      assert.strictEqual(contentsOf(store), before)
    })
  )

  it.live("a run that writes leaves no row behind if the response to a creation is lost", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      let created = 0
      const lossy = replacing((request, response) => {
        if (request.method === "POST" && response.status === 201 && ++created % 2 === 0) throw new TypeError("reset")
        return response
      })
      const only = ["lifecycle", "responses/answered"]
      const found = yield* report(store, { runs: 20, writes: true, only }, lossy)
      assert.isAbove(created, 10)
      assert.include(linesOf(found, "failed")[0], "responses/answered connections.create")
      assert.strictEqual(contentsOf(store), before)
    })
  )

  for (const position of sample([1, 2, 4, 8, 16, 32], 3)) {
    it.live(`a run that writes leaves no row behind if interrupted during creation ${position}`, () =>
      Effect.gen(function* () {
        const store = yield* smallStore()
        const before = contentsOf(store)
        const reached = yield* Deferred.make<void>()
        let created = 0
        // The row exists, but its response is still in flight.
        const slow = replacing(async (request, response) => {
          if (request.method !== "POST" || response.status !== 201) return response
          if (++created === position) Deferred.doneUnsafe(reached, Effect.void)
          await new Promise((resolve) => setTimeout(resolve, 5))
          return response
        })
        const settings = { runs: 30, writes: true, only: ["lifecycle", "responses/status", "workos/external-id"] }
        const running = yield* Effect.forkChild(report(store, settings, slow))
        yield* Deferred.await(reached)
        assert.notStrictEqual(contentsOf(store), before)
        yield* Fiber.interrupt(running)
        assert.strictEqual(contentsOf(store), before)
        yield* Effect.sleep(20)
        assert.strictEqual(contentsOf(store), before)
      })
    )
  }
})

// Pages with a limit of 8 or more lack their first row.
const leaky = replacing(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname !== "/connections" || Number(searchParams.get("limit")) < 8 || response.status !== 200) return response
  const page: { readonly data: ReadonlyArray<unknown> } = await response.json()
  return Response.json({ ...page, data: page.data.slice(1) }, response)
})

/** A report without times. */
const timeless = (settings: Settings, wrap?: Wrap) =>
  Effect.gen(function* () {
    const found = yield* report(yield* smallStore(), settings, wrap)
    return { ...found, durationMillis: 0, startedAt: "" }
  })

/** The URLs of the requests of a run. */
const requestedUrls = (settings: Settings) =>
  Effect.gen(function* () {
    const requests: Array<Request> = []
    yield* report(yield* smallStore(), settings, recording(requests))
    return requests.map(({ url }) => url)
  })

describe("the seed", () => {
  it.live("the seed determines the report", () =>
    Effect.gen(function* () {
      const sound = timeless({ seed: 4, runs: runs(5, 2), writes: true })
      assert.deepStrictEqual(yield* sound, yield* sound)
      const broken = timeless({ seed: 5, only: ["lists", "resources"] }, leaky)
      const found = yield* broken
      assert.isAbove(found.summary.failed, 3)
      assert.deepStrictEqual(yield* broken, found)
    })
  )

  it.live("the seed determines the requests", () =>
    Effect.gen(function* () {
      const only = ["responses/status", "lists"]
      const first = yield* requestedUrls({ seed: 1, only })
      assert.deepStrictEqual((yield* requestedUrls({ seed: 1, only })).toSorted(), first.toSorted())
      const others = (yield* requestedUrls({ seed: 2, only })).filter((url) => !first.includes(url))
      assert.isAbove(others.length, 100)
    })
  )

  it.live("the seed gives a law the same cases whether checked alone or with other laws", () =>
    Effect.gen(function* () {
      const whole = yield* timeless({ seed: 6 }, leaky)
      const failed = [...new Set(linesOf(whole, "failed").map((line) => line.split(" ")[0] ?? ""))]
      assert.isAbove(failed.length, 3)
      for (const law of failed) {
        assert.deepStrictEqual(ofLaw(yield* timeless({ seed: 6, only: [law] }, leaky), law), ofLaw(whole, law))
      }
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
      const found = yield* report(yield* smallStore(), { seed: 9, runs: 50, only: ["lists/limit"] }, crowded)
      const [result] = ofLaw(found, "lists/limit")
      assert.match(result?.message ?? "", /^GET \/connections\?limit=7&order=desc: asked for at most 7 \w+, got 8$/)
      assert.deepStrictEqual(
        { ...result?.counterexample, actual: "" },
        {
          curl: `curl -H "Authorization: Bearer $WORKOS_API_KEY" 'http://workos.test/connections?limit=7&order=desc'`,
          expected: "at most 7 items",
          actual: "",
          replay: "effect-workos verify --seed 9 --runs 50 --only lists/limit"
        }
      )
      assert.match(result?.counterexample?.actual ?? "", /^8 rows: conn_/)
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
      const found = yield* report(yield* smallStore(), { only: ["access"] }, careless)
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
    const told = { message: `${" ".repeat(padding)}${authorization}`, [authorization]: authorization }
    const body: Record<string, unknown> = response.status === 200 ? await response.json() : {}
    const headers = {
      "content-type": isList ? `application/${key}+json` : authorization,
      [key]: key,
      "x-request-id": authorization,
      location: key
    }
    const status = isList ? response.status : response.status === 401 ? 403 : 202
    return new Response(JSON.stringify({ ...told, ...body }), { status: status === 204 ? 200 : status, headers })
  })

describe("the key", () => {
  const pieces = Array.from({ length: key.length - 9 }, (_, index) => key.slice(0, 10 + index))

  it.live("the key is never in a report, whatever a server returns", () =>
    Effect.gen(function* () {
      // An excerpt of a response may end within the key.
      const only = ["responses", "access", "lifecycle"]
      for (const padding of sample([0, 367, 371], 2)) {
        const found = yield* report(
          yield* smallStore(),
          { runs: 3, only, writes: true },
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
      const { results } = yield* Contract.verify(suite, { ...settings, only: ["responses/undocumented-field"] }).pipe(
        Effect.provide(emulated(careless)),
        Effect.provideService(Store.Store, yield* smallStore())
      )
      const [drift] = results.filter(({ status }) => status === "drift")
      assert.include(drift?.message, "novelty: no source documents it (true)")
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
    check: Responses.forEachResponse(({ response, request }) =>
      response.headers["x-request-id"] === undefined
        ? undefined
        : {
            message: `${Exchange.describe(request)} returned a request id`,
            expected: "no header x-request-id",
            actual: Exchange.excerpt(response)
          }
    )
  }

  it.live("a custom law is checked and reported with its sentence and its source", () =>
    Effect.gen(function* () {
      const suite = { ...connections, laws: [...connections.laws, named] }
      const { results } = yield* Contract.verify(suite, { runs: 5, only: ["acme", "lists/limit"] }).pipe(
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
      const found = yield* report(yield* smallStore(), { only: ["responses", "resources"] }, novel)
      assert.strictEqual(found.summary.failed, 0)
      assert.deepStrictEqual(found.results.filter(({ status }) => status === "drift").map(idOf), [
        "responses/undocumented-field connections.list",
        "responses/undocumented-field connections.get"
      ])
      const [drift] = ofLaw(found, "responses/undocumented-field")
      assert.include(drift?.message, "novelty: no source documents it (true)")
      assert.include(drift?.counterexample?.curl, "curl ")
    })
  )
})
