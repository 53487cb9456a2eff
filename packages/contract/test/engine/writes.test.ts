// Runs that only read, and runs that write: the data that existed before a run is the same after it.
import { runs, sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "@effect-workos/contract-engine/Contract"
import type { Result } from "@effect-workos/contract-engine/Result"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Store from "@effect-workos/emulator/Store"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { linesOf } from "@effect-workos/testing/Results"
import { emulated, recording, replacing, report, smallStore, type Wrap } from "./running.ts"

const contentsOf = ({ connections }: Store.Store["Service"]) => JSON.stringify(connections.rows)

describe("a run that only reads", () => {
  it.live("a run that only reads sends only safe requests, and skips the other checks with a reason", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      const requests: Array<Request> = []
      const found = yield* report(store, {}, recording(requests))
      const methods = new Set(requests.map(({ method }) => method))
      assert.deepStrictEqual([...methods].toSorted(), ["GET", "HEAD", "OPTIONS", "QUERY"])
      assert.strictEqual(requests.length, found.requests)
      const writing = new Set(WorkOs.suite.laws.filter(({ writes }) => writes === true).map(({ id }) => id))
      const isWritten = ({ law, operation }: Result) => writing.has(law) || /create|delete/.test(operation)
      const written = found.results.filter(isWritten)
      const read = found.results.filter((result) => !isWritten(result))
      assert.isAbove(written.length, 20)
      assert.deepStrictEqual(
        [...new Set(written.map(({ message, requests, status }) => `${status} ${requests}: ${message}`))],
        ["skipped 0: writing is not allowed; allow it with --writes, or with `writes: true` in a program"]
      )
      assert.isAbove(read.length, 50)
      assert.isTrue(read.every(({ requests, status }) => status === "skipped" || requests > 0))
      assert.strictEqual(contentsOf(store), before)
    })
  )
})

describe("a run that writes", () => {
  it.live("a run of one operation deletes the resources that the operation needs", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = JSON.stringify(store.organizations.rows)
      const { results } = yield* Contract.verify(WorkOs.suite, { runs: 3, writes: true, operations: ["portal"] }).pipe(
        Effect.provide(emulated()),
        Effect.provideService(Store.Store, store)
      )
      const [body] = results.filter(({ law }) => law === "responses/body")
      assert.strictEqual(body?.status, "passed", body?.message)
      assert.strictEqual(JSON.stringify(store.organizations.rows), before)
    })
  )

  it.live("a run that writes leaves the store unchanged and deletes only rows that it created", () =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const before = contentsOf(store)
      const ids = new Set<string>(store.connections.rows.map(({ id }) => id))
      const requests: Array<Request> = []
      const laws = ["lifecycle", "responses/status", "input/malformed-body", "access", "workos/external-id"]
      const found = yield* report(store, { runs: runs(40, 10), writes: true, laws }, recording(requests))
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
      const laws = ["lifecycle", "responses/no-server-error"]
      const found = yield* report(store, { runs: runs(20, 10), writes: true, laws }, forgetful)
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
      const laws = ["lifecycle", "responses/complete"]
      const found = yield* report(store, { runs: runs(20, 10), writes: true, laws }, lossy)
      assert.isAbove(created, 10)
      assert.include(linesOf(found, "failed")[0], "responses/complete connections.create")
      assert.strictEqual(contentsOf(store), before)
    })
  )

  for (const position of sample([1, 2, 4, 8, 16, 32], 2)) {
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
        const settings = { runs: 30, writes: true, laws: ["lifecycle", "responses/status", "workos/external-id"] }
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
