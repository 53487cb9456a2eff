// Random sequences of operations, compared with a model: a set of the resources that should be there.
//
// fast-check makes up the sequences, runs them, and cuts a failing one down to the shortest.
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as fc from "fast-check"
import type { Row } from "../Convention.ts"
import { describe, excerpt, type Request, type Unanswered } from "../Exchange.ts"
import * as Exercise from "./Exercise.ts"
import * as Generate from "./Generate.ts"
import * as Harvest from "./Harvest.ts"
import * as Law from "../Law.ts"
import type { Operation } from "../Operation.ts"
import { Session } from "../Session.ts"

/** What should be there: resources in the order of their creation, and those that are gone. */
interface Expected {
  readonly alive: Array<{ readonly id: string; readonly row: Row; readonly removal: Request }>
  readonly gone: Array<string>
}

/** What was done so far, for whoever wants to do it again. */
interface Actual {
  readonly requests: Array<Request>
}

class Differs extends Data.TaggedError("Differs")<{ readonly violation: Law.Violation }> {}

/** Something that keeps a law from being checked. */
class Stopped extends Data.TaggedError("Stopped")<{ readonly reason: string }> {}

type Step = Effect.Effect<void, Differs | Stopped | Unanswered, Session>

/**
 * Runs sequences against the target.
 */
export const check = (resource: Exercise.Creatable, bodies: ReadonlyArray<Row>) =>
  Effect.gen(function* () {
    const session = yield* Session
    const context = yield* Effect.context<Session>()
    const aborted = new AbortController()
    const { maxRate, runs, seed } = session.settings
    // What may be deleted only so often in a minute is not worth the minutes.
    const isBounded = maxRate !== undefined && session.description.convention.rates?.[resource.remove.id] !== undefined
    const numRuns = isBounded ? 3 : Math.max(3, Math.min(20, Math.ceil(runs / 5)))
    let tried = 0

    const run = (step: Step) => Effect.runPromiseWith(context)(Effect.result(step), { signal: aborted.signal })
    let stopped: string | undefined

    const command = (name: string, position: number, step: (expected: Expected, actual: Actual) => Step) => ({
      check: () => stopped === undefined,
      run: async (expected: Expected, actual: Actual) => {
        const result = await run(step(expected, actual))
        if (result._tag === "Success") return
        const error = result.failure
        if (error._tag === "Differs") throw error
        stopped ??= error._tag === "Stopped" ? error.reason : `${describe(error.request)}: ${error.message}`
      },
      toString: () => `${name}(${position})`
    })

    const step = {
      create: fc.nat(bodies.length - 1).map((at) => command("create", at, create(resource, bodies[at] ?? {}))),
      get: fc.nat(9).map((at) => command("get", at, get(resource, at))),
      remove: fc.nat(9).map((at) => command("delete", at, remove(resource, at))),
      list: fc.nat(9).map((at) => command("list", at, list(resource)))
    }
    // Twice as many of those that cost one request.
    const commands = fc.commands([step.create, step.create, step.get, step.get, step.remove, step.remove, step.list], {
      maxCommands: isBounded ? 20 : 60,
      size: "max"
    })

    const property = fc.asyncProperty(commands, async (commands) => {
      if (stopped !== undefined || aborted.signal.aborted) return
      const expected: Expected = { alive: [], gone: [] }
      try {
        await fc.asyncModelRun(() => ({ model: expected, real: { requests: [] } }), commands)
        tried++
      } finally {
        await run(
          Effect.forEach(expected.alive, ({ id, removal }) => Effect.ignore(Exercise.remove(removal, id)), {
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
    // Whoever interrupts waits until nothing is created any more: it is to be remembered, and deleted.
    const details = yield* Effect.onInterrupt(
      Effect.promise(() => running),
      () =>
        Effect.promise(() => {
          aborted.abort()
          return running
        })
    )
    const error = details.errorInstance
    if (details.failed && error instanceof Differs) return Law.broken(details.numRuns, error.violation)
    if (details.failed) return yield* Effect.die(error)
    if (tried === 0) return Law.notExercised(stopped ?? session.spent())
    return stopped === undefined ? Law.held(tried) : Law.notExercised(stopped)
  })

// -----------------------------------------------------------------------------
// Steps
// -----------------------------------------------------------------------------

const differs = (actual: Actual, request: Request, message: string, expected: string, got: string) => {
  const [first = request, ...rest] = [...actual.requests]
  return new Differs({ violation: { message, requests: [first, ...rest], expected, actual: got } })
}

const ask = Effect.fnUntraced(function* (actual: Actual, request: Request) {
  const session = yield* Session
  actual.requests.push(request)
  return yield* session.send(request)
})

const create =
  (resource: Exercise.Creatable, body: Row) =>
  (expected: Expected, actual: Actual): Step =>
    Effect.gen(function* () {
      const created = yield* Exercise.createOrExplain(resource, body)
      if (created.reason !== undefined) return yield* new Stopped({ reason: created.reason })
      actual.requests.push(created.exchange.request)
      if (expected.alive.some(({ id }) => id === created.id) || expected.gone.includes(created.id)) {
        return yield* differs(
          actual,
          created.exchange.request,
          `${created.id} was given twice`,
          "an id of its own",
          created.id
        )
      }
      expected.alive.push(created)
    })

const get =
  (resource: Exercise.Creatable, position: number) =>
  (expected: Expected, actual: Actual): Step =>
    Effect.gen(function* () {
      const ids = [...expected.alive.map(({ id }) => id), ...expected.gone]
      const id = Generate.pick(ids, position)
      if (id === undefined) return
      const { answer, request } = yield* ask(actual, Exercise.itemRequest(resource.get, id))
      const isThere = expected.alive.some((own) => own.id === id)
      if (isThere ? answer.status === 200 : answer.status === 404) return
      const story = isThere ? "was created and not deleted" : "was deleted"
      return yield* differs(
        actual,
        request,
        `${describe(request)} was answered with ${answer.status}, and ${id} ${story}`,
        isThere ? "200" : "404",
        excerpt(answer)
      )
    })

const remove =
  (resource: Exercise.Creatable, position: number) =>
  (expected: Expected, actual: Actual): Step =>
    Effect.gen(function* () {
      const own = Generate.pick(expected.alive, position)
      const id = own?.id ?? Generate.pick(expected.gone, position)
      if (id === undefined) return
      const removal = own?.removal ?? Exercise.itemRequest(resource.remove, id)
      actual.requests.push(removal)
      const { answer, request } = yield* Exercise.remove(removal, id)
      const isDone = own === undefined ? answer.status === 404 : answer.status < 300
      if (!isDone) {
        return yield* differs(
          actual,
          request,
          `${describe(request)} was answered with ${answer.status}`,
          own === undefined ? "404, since it was deleted before" : "a success",
          excerpt(answer)
        )
      }
      if (own === undefined) return
      expected.alive.splice(expected.alive.indexOf(own), 1)
      expected.gone.push(id)
    })

const list =
  ({ list }: Exercise.Creatable) =>
  (expected: Expected, actual: Actual): Step =>
    list === undefined ? Effect.void : compareWithList(list, expected, actual)

const compareWithList = Effect.fnUntraced(function* (list: Operation, expected: Expected, actual: Actual) {
  const { description, settings } = yield* Session
  const { lists } = description.convention
  if (lists === undefined) return
  const maxRows = Math.min(settings.maxRows, 300)
  const crawl = yield* Harvest.crawl(list, lists, { order: "descending", limit: lists.limit.maximum }, maxRows)
  const [page] = crawl.pages
  if (page === undefined) return
  const { request } = page.exchange
  actual.requests.push(request)
  const missing = crawl.end === "unreadable" ? undefined : expected.alive.find(({ id }) => !crawl.ids.includes(id))
  if (missing !== undefined) {
    const message = `${describe(request)} is without ${missing.id}, which was created and not deleted`
    return yield* differs(
      actual,
      request,
      message,
      `${missing.id} among the rows`,
      `${crawl.ids.length} rows without it`
    )
  }
  const ghost = expected.gone.find((id) => crawl.ids.includes(id))
  if (ghost !== undefined) {
    const message = `${describe(request)} shows ${ghost}, which was deleted`
    return yield* differs(actual, request, message, `rows without ${ghost}`, `${ghost} among ${crawl.ids.length} rows`)
  }
})
