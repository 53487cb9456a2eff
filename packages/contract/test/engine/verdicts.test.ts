// What a verdict is worth: nothing passes unseen, nothing is touched that was there before, and the same run says the
// same.
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "../../src/Contract.ts"
import * as Exchange from "../../src/Exchange.ts"
import type * as Law from "../../src/Law.ts"
import * as Responses from "../../src/Responses.ts"
import type { Result } from "../../src/Result.ts"
import type { Settings } from "../../src/internal/Settings.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { emulated, idOf, type InFront, ofLaw, report, smallStore, told, unfounded } from "./running.ts"
import { connections } from "../suites.ts"

const key = Redacted.value(Emulator.defaultApiKey)

/** Remembers what a server was asked. */
const recording =
  (requests: Array<Request>): InFront =>
  (serve) =>
  (input, init) => {
    const request = new Request(input, init)
    requests.push(request.clone())
    return serve(request)
  }

/** A server that answers some requests otherwise. */
const instead =
  (answer: (request: Request, response: Response) => Response | Promise<Response>): InFront =>
  (serve) =>
  async (input, init) => {
    const request = new Request(input, init)
    return answer(request.clone(), await serve(request))
  }

const contentsOf = ({ connections }: Store.Store["Service"]) => JSON.stringify(connections.rows)

describe("a pass", () => {
  it.live("has cases and requests behind it", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(), { runs: 2, writes: true })
      assert.deepStrictEqual(told(found, "failed"), [])
      assert.deepStrictEqual(unfounded(found), [])
      assert.isAbove(found.summary.passed, 80)
    })
  )

  it.live("of a law about lists says so where only their ends were read", () =>
    Effect.gen(function* () {
      const found = yield* report(yield* smallStore(400), { only: ["lists"], maxRows: 150 })
      assert.deepStrictEqual(told(found, "failed"), [])
      const [complete] = ofLaw(found, "lists/complete")
      assert.match(complete?.message ?? "", /^passed in \d+ cases, among the first 150 rows from either end$/)
      assert.strictEqual(ofLaw(found, "lists/cursors-end")[0]?.status, "passed")
    })
  )
})

describe("an empty store", () => {
  it.live("fails nothing, and what needs data is skipped with a reason", () =>
    Effect.gen(function* () {
      const store = yield* Store.seeded({ connections: 0, organizations: 3, seed: 1 })
      const found = yield* report(store, { writes: true })
      assert.deepStrictEqual([...told(found, "failed"), ...told(found, "drift")], [])
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
      // What needs none is checked all the same.
      assert.include(ofLaw(found, "input/limit")[0], { status: "passed" })
      assert.include(ofLaw(found, "access/no-key")[0], { status: "passed" })
    })
  )
})

describe("a run that only reads", () => {
  it.live("sends no method but GET, and says of the rest why it was not checked", () =>
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
  it.live("leaves the store as it was, having deleted only what it created", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      const ids = new Set<string>(store.connections.rows.map(({ id }) => id))
      const requests: Array<Request> = []
      const only = ["lifecycle", "responses/status", "input/malformed-body", "access", "workos/external-id"]
      const found = yield* report(store, { runs: 40, writes: true, only }, recording(requests))
      assert.deepStrictEqual(told(found, "failed"), [])
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

  it.live("leaves the store as it was where checks fail", () =>
    Effect.gen(function* () {
      // What was just created is nowhere to be seen, and deleting fails the first time.
      const tried = new Set<string>()
      const forgetful: InFront = (serve, { connections }) => {
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

  it.live("leaves nothing where the answer that says what was created is lost", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      let created = 0
      const lossy = instead((request, response) => {
        if (request.method === "POST" && response.status === 201 && ++created % 2 === 0) throw new TypeError("reset")
        return response
      })
      const only = ["lifecycle", "responses/answered"]
      const found = yield* report(store, { runs: 20, writes: true, only }, lossy)
      assert.isAbove(created, 10)
      assert.include(told(found, "failed")[0], "responses/answered connections.create")
      assert.strictEqual(contentsOf(store), before)
    })
  )

  for (const position of [1, 2, 4, 8, 16, 32]) {
    it.live(`leaves nothing where it is interrupted while creating something the ${position}. time`, () =>
      Effect.gen(function* () {
        const store = yield* smallStore()
        const before = contentsOf(store)
        const reached = yield* Deferred.make<void>()
        let created = 0
        // It is there, and the answer that says so is still under way.
        const slow = instead(async (request, response) => {
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

// Pages of eight and more lack their first row.
const leaky = instead(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname !== "/connections" || Number(searchParams.get("limit")) < 8 || response.status !== 200) return response
  const page: { readonly data: ReadonlyArray<unknown> } = await response.json()
  return Response.json({ ...page, data: page.data.slice(1) }, response)
})

/** A report without the times in it. */
const timeless = (settings: Settings, inFront?: InFront) =>
  Effect.gen(function* () {
    const found = yield* report(yield* smallStore(), settings, inFront)
    return { ...found, durationMillis: 0, startedAt: "" }
  })

/** What is asked of a server. */
const asked = (settings: Settings) =>
  Effect.gen(function* () {
    const requests: Array<Request> = []
    yield* report(yield* smallStore(), settings, recording(requests))
    return requests.map(({ url }) => url)
  })

describe("the seed", () => {
  it.live("is all that a report depends on", () =>
    Effect.gen(function* () {
      const sound = timeless({ seed: 4, runs: 5, writes: true })
      assert.deepStrictEqual(yield* sound, yield* sound)
      const broken = timeless({ seed: 5, only: ["lists", "resources"] }, leaky)
      const found = yield* broken
      assert.isAbove(found.summary.failed, 3)
      assert.deepStrictEqual(yield* broken, found)
    })
  )

  it.live("chooses what is asked", () =>
    Effect.gen(function* () {
      const only = ["responses/status", "lists"]
      const first = yield* asked({ seed: 1, only })
      assert.deepStrictEqual((yield* asked({ seed: 1, only })).toSorted(), first.toSorted())
      const others = (yield* asked({ seed: 2, only })).filter((url) => !first.includes(url))
      assert.isAbove(others.length, 100)
    })
  )

  it.live("gives a law the same cases, whether it is checked alone or with all others", () =>
    Effect.gen(function* () {
      const whole = yield* timeless({ seed: 6 }, leaky)
      const failed = [...new Set(told(whole, "failed").map((line) => line.split(" ")[0] ?? ""))]
      assert.isAbove(failed.length, 3)
      for (const law of failed) {
        assert.deepStrictEqual(ofLaw(yield* timeless({ seed: 6, only: [law] }, leaky), law), ofLaw(whole, law))
      }
    })
  )
})

describe("a counterexample", () => {
  const crowded = instead(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== "/connections" || Number(searchParams.get("limit")) < 7 || response.status !== 200) return response
    const page: { readonly data: ReadonlyArray<unknown> } = await response.json()
    return Response.json({ ...page, data: [...page.data, ...page.data.slice(0, 1)] }, response)
  })

  it.live("is the smallest, as a line for a shell, with what to type to find it again", () =>
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

  it.live("of a key that is wrong names the key, and does not show it", () =>
    Effect.gen(function* () {
      // Only compares as many characters as it was given.
      const careless: InFront = (serve) => (input, init) => {
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

/** A server that says again and again what it was sent. */
const repeating = (padding: number, isList: boolean) =>
  instead(async (request, response) => {
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

  it.live("is nowhere in a report, whatever a server makes of it", () =>
    Effect.gen(function* () {
      // Where what is shown of an answer is cut, the key may be cut as well.
      const only = ["responses", "access", "lifecycle"]
      for (const padding of [0, 367, 371]) {
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

describe("a law of one's own", () => {
  const named: Law.Law = {
    id: "acme/no-request-ids",
    sentence: "No answer has a request id.",
    source: { kind: "expected", text: "Our handbook, chapter 4.", url: "https://acme.example/handbook#4" },
    severity: "error",
    appliesTo: ({ id }) => id === "connections.list",
    check: Responses.forEachResponse(({ response, request }) =>
      response.headers["x-request-id"] === undefined
        ? undefined
        : {
            message: `${Exchange.describe(request)} was answered with a request id`,
            expected: "no header x-request-id",
            actual: Exchange.excerpt(response)
          }
    )
  }

  it.live("is checked like any other, with its sentence and its source", () =>
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
  it.live("is no failure", () =>
    Effect.gen(function* () {
      const novel = instead(async (request, response) => {
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
