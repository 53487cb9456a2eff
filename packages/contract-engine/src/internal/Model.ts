// Model-based checks: random sequences of operations, compared with a model of the resources that should exist.
//
// fast-check generates, runs and shrinks the sequences.
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as fc from "fast-check"
import type { Row } from "../ApiConventions.ts"
import { describe, excerpt, type Request, type NoResponse } from "../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import * as Generate from "./Generate.ts"
import * as Sampling from "../Sampling.ts"
import * as Law from "../Law.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import { Session } from "../Session.ts"

/** The model: existing resources in creation order, and the ids of deleted ones. */
interface Expected {
  readonly existing: Array<{ readonly id: string; readonly row: Row; readonly removal: Request }>
  readonly deleted: Array<string>
}

/** The requests sent so far, for the counterexample. */
interface Actual {
  readonly requests: Array<Request>
}

class ModelMismatch extends Data.TaggedError("ModelMismatch")<{ readonly violation: Law.Violation }> {}

type Step = Effect.Effect<void, ModelMismatch | Law.CannotCheck | NoResponse, Session>

/**
 * Runs random sequences against the target.
 */
export const check = (resource: Lifecycle.Creatable, bodies: ReadonlyArray<Row>) =>
  Effect.gen(function* () {
    const session = yield* Session
    const context = yield* Effect.context<Session>()
    const aborted = new AbortController()
    const { maxRate, runs, seed } = session.settings
    // Under a rate limit for deletions, long sequences would take minutes.
    const isBounded =
      maxRate !== undefined && session.description.conventions.rateLimits?.[resource.remove.id] !== undefined
    const numRuns = isBounded ? 3 : Math.max(3, Math.min(40, Math.ceil(runs / 3)))
    let tried = 0

    const run = (step: Step) => Effect.runPromiseWith(context)(Effect.result(step), { signal: aborted.signal })
    let stopped: string | undefined

    const command = (name: string, position: number, step: (expected: Expected, actual: Actual) => Step) => ({
      check: () => stopped === undefined,
      run: async (expected: Expected, actual: Actual) => {
        const result = await run(step(expected, actual))
        if (result._tag === "Success") return
        const error = result.failure
        if (error._tag === "ModelMismatch") throw error
        stopped ??= error._tag === "CannotCheck" ? error.reason : `${describe(error.request)}: ${error.message}`
      },
      toString: () => `${name}(${position})`
    })

    const step = {
      create: fc.nat(bodies.length - 1).map((at) => command("create", at, create(resource, bodies[at] ?? {}))),
      get: fc.nat(9).map((at) => command("get", at, get(resource, at))),
      remove: fc.nat(9).map((at) => command("delete", at, remove(resource, at))),
      list: fc.nat(9).map((at) => command("list", at, list(resource)))
    }
    // Lists are rare, since a list takes several requests. Creations are more frequent than deletions, so that most
    // sequences have existing resources.
    const { create: creation, get: reading, list: listing, remove: removal } = step
    const commands = fc.commands([creation, creation, creation, reading, reading, reading, removal, removal, listing], {
      maxCommands: isBounded ? 20 : 60,
      size: "max"
    })

    const property = fc.asyncProperty(commands, async (commands) => {
      if (stopped !== undefined || aborted.signal.aborted) return
      const expected: Expected = { existing: [], deleted: [] }
      try {
        await fc.asyncModelRun(() => ({ model: expected, real: { requests: [] } }), commands)
        tried++
      } finally {
        await run(
          Effect.forEach(expected.existing, ({ id, removal }) => Effect.ignore(Lifecycle.remove(removal, id)), {
            discard: true
          })
        )
      }
    })

    const running = fc.check(property, {
      seed: Hash.string(`${seed} ${resource.collection}`),
      numRuns,
      interruptAfterTimeLimit: 60_000,
      markInterruptAsFailure: false
    })
    // An interruption waits for pending creations, so that their resources are deleted.
    const details = yield* Effect.onInterrupt(
      Effect.promise(() => running),
      () =>
        Effect.promise(() => {
          aborted.abort()
          return running
        })
    )
    const error = details.errorInstance
    if (details.failed && error instanceof ModelMismatch) return Law.failed(details.numRuns, error.violation)
    if (details.failed) return yield* Effect.die(error)
    if (tried === 0) return Law.skipped(stopped ?? (yield* session.budgetMessage))
    return stopped === undefined ? Law.passed(tried) : Law.skipped(stopped)
  })

// -----------------------------------------------------------------------------
// Steps
// -----------------------------------------------------------------------------

const mismatch = (actual: Actual, request: Request, message: string, expected: string, got: string) => {
  const [first = request, ...rest] = [...actual.requests]
  return new ModelMismatch({ violation: Law.violation({ message, requests: [first, ...rest], expected, actual: got }) })
}

const send = Effect.fnUntraced(function* (actual: Actual, request: Request) {
  const session = yield* Session
  actual.requests.push(request)
  return yield* session.send(request)
})

const create =
  (resource: Lifecycle.Creatable, body: Row) =>
  (expected: Expected, actual: Actual): Step =>
    Effect.gen(function* () {
      const created = yield* Lifecycle.createOne(resource, body)
      actual.requests.push(created.exchange.request)
      if (expected.existing.some(({ id }) => id === created.id) || expected.deleted.includes(created.id)) {
        return yield* mismatch(
          actual,
          created.exchange.request,
          `the id ${created.id} was returned for two resources`,
          "a unique id",
          created.id
        )
      }
      expected.existing.push(created)
    })

const get =
  (resource: Lifecycle.Creatable, position: number) =>
  (expected: Expected, actual: Actual): Step =>
    Effect.gen(function* () {
      const ids = [...expected.existing.map(({ id }) => id), ...expected.deleted]
      const id = Generate.elementAt(ids, position)
      if (id === undefined) return
      const { response, request } = yield* send(actual, Lifecycle.itemRequest(resource.get, id))
      const exists = expected.existing.some((created) => created.id === id)
      if (exists ? response.status === 200 : response.status === 404) return
      const reason = exists ? "was created and not deleted" : "was deleted"
      return yield* mismatch(
        actual,
        request,
        `${describe(request)} returned ${response.status}, but ${id} ${reason}`,
        exists ? "200" : "404",
        excerpt(response)
      )
    })

const remove =
  (resource: Lifecycle.Creatable, position: number) =>
  (expected: Expected, actual: Actual): Step =>
    Effect.gen(function* () {
      const created = Generate.elementAt(expected.existing, position)
      const id = created?.id ?? Generate.elementAt(expected.deleted, position)
      if (id === undefined) return
      const removal = created?.removal ?? Lifecycle.itemRequest(resource.remove, id)
      actual.requests.push(removal)
      const { response, request } = yield* Lifecycle.remove(removal, id)
      const isDone = created === undefined ? response.status === 404 : response.status < 300
      if (!isDone) {
        return yield* mismatch(
          actual,
          request,
          `${describe(request)} returned ${response.status}`,
          created === undefined ? "404, since the resource was already deleted" : "a success",
          excerpt(response)
        )
      }
      if (created === undefined) return
      expected.existing.splice(expected.existing.indexOf(created), 1)
      expected.deleted.push(id)
    })

const list =
  ({ list }: Lifecycle.Creatable) =>
  (expected: Expected, actual: Actual): Step =>
    list === undefined ? Effect.void : compareWithList(list, expected, actual)

const compareWithList = Effect.fnUntraced(function* (list: ApiOperation, expected: Expected, actual: Actual) {
  const { description, settings } = yield* Session
  const lists = Sampling.listsOf(list, description.conventions)
  if (lists === undefined) return
  const maxRows = Math.min(settings.maxRows, 300)
  const traversal = yield* Sampling.paginate(list, lists, { order: "descending", limit: lists.limit.maximum }, maxRows)
  const [page] = traversal.pages
  if (page === undefined) return
  const { request } = page.exchange
  actual.requests.push(request)
  const missing =
    traversal.end === "unreadable" ? undefined : expected.existing.find(({ id }) => !traversal.ids.includes(id))
  if (missing !== undefined) {
    const message = `${describe(request)} does not return ${missing.id}, which was created and not deleted`
    return yield* mismatch(
      actual,
      request,
      message,
      `${missing.id} among the rows`,
      `${traversal.ids.length} rows without it`
    )
  }
  const reappeared = expected.deleted.find((id) => traversal.ids.includes(id))
  if (reappeared !== undefined) {
    const message = `${describe(request)} returns ${reappeared}, which was deleted`
    return yield* mismatch(
      actual,
      request,
      message,
      `rows without ${reappeared}`,
      `${reappeared} among ${traversal.ids.length} rows`
    )
  }
})
