// The laws of single resources: a read agrees with lists and with other reads, and unknown ids are not found.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isRow } from "../../ApiConventions.ts"
import { describe, excerpt, type Exchange, shorten } from "../../Exchange.ts"
import * as Lifecycle from "../../Lifecycle.ts"
import * as Generate from "../Generate.ts"
import * as Law from "../../Law.ts"
import type { ApiOperation } from "../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../Session.ts"
import * as KnownRows from "../KnownRows.ts"

const unknownIdFormat = "the format of an id is unknown"

const isItem = ({ params }: ApiOperation) => params.length > 0

const getMatchesList: Law.Law = {
  id: "resources/get-matches-list",
  sentence: "Reading a single resource returns the same values as its row in the list.",
  source: Law.expected("Both operations return the same resource."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 1, shares: "responses" },
  appliesTo: KnownRows.getsListedRow,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, settings } = yield* Session
      const { resources, unreadable } = yield* KnownRows.knownRowsOf(operation)
      if (unreadable !== undefined) return Law.skipped(unreadable)
      return yield* Property.forEach(KnownRows.spread(resources, settings.runs), ({ name, row }) =>
        Effect.gen(function* () {
          const exchange = yield* sendCached(Lifecycle.itemRequest(operation, name))
          const { response, request } = exchange
          if (response.status !== 200 || !isRow(response.json)) {
            return Law.violation({
              message: `${describe(request)} returned ${response.status}, but the resource is on the list`,
              requests: [request],
              expected: shorten(JSON.stringify(row), 400),
              actual: excerpt(response),
              at: { status: response.status }
            })
          }
          const current = response.json
          const different = Object.keys(row).filter((name) => !Equal.equals(row[name], current[name]))
          return different.length === 0
            ? Property.passed
            : Law.violation({
                message: `${describe(request)} returns another ${different.join(", ")} than the list`,
                requests: [request],
                expected: different.map((name) => `${name}: ${JSON.stringify(row[name])}`).join(", "),
                actual: different.map((name) => `${name}: ${JSON.stringify(current[name])}`).join(", "),
                at: { fields: different }
              })
        })
      )
    })
}

const readsAgree: Law.Law = {
  id: "resources/reads-agree",
  sentence: "Two identical read requests return the same data.",
  source: Law.expected("Reading changes nothing."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 0.8 },
  appliesTo: ({ id, isSafe }, { conventions: { externalInputs = [] } }) => isSafe && !externalInputs.includes(id),
  check: (operation) =>
    Effect.gen(function* () {
      const { send, sendCached } = yield* Session
      const cases = yield* Generate.documented(operation)
      return yield* Property.forAll(
        cases,
        (request) =>
          Effect.gen(function* () {
            const first = yield* sendCached(request)
            const second = yield* sendCached(request, 2)
            if (isSame(first, second)) return Property.passed
            // If a third response equals the second, the data changed between the first and the second request.
            if (isSame(second, yield* send(request))) return Property.inconclusive
            return Law.violation({
              message: `${describe(request)} returned two different responses`,
              requests: [request, request],
              expected: excerpt(first.response),
              actual: excerpt(second.response)
            })
          }),
        { seed: `${operation.id} documented`, skipReason: "the server has no data to read" }
      )
    })
}

// Bodies of errors are not compared, since they may contain a request id.
const isSame = ({ response: first }: Exchange, { response: second }: Exchange): boolean => {
  if (first.status !== second.status) return false
  return first.status >= 400 || first.text === second.text || Equal.equals(first.json, second.json)
}

const unknownId: Law.Law = {
  id: "resources/unknown-id",
  sentence: "A request for an unknown id returns 404.",
  source: Law.expected("An id that was never issued identifies no resource."),
  severity: "error",
  cost: { base: 0, perRun: 0.25 },
  appliesTo: (operation) => isItem(operation) && operation.responses.has(404),
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description, send, settings } = yield* Session
      const { conventions } = description
      const { resources } = yield* KnownRows.knownRowsOf(operation)
      const like = resources[0]?.name
      const [param] = operation.params
      const body = yield* Lifecycle.generatedBody(operation)
      return yield* Property.forAll(
        Generate.intBelow(1_000_000),
        (position) =>
          Effect.gen(function* () {
            // Malformed ids are covered by the laws of input.
            if (param?.accepts(Generate.unknownId(param, position, conventions, like)) === false)
              return Property.inconclusive
            const request = { ...Lifecycle.unknownIdRequest(operation, conventions, position, like), ...body }
            const { response } = yield* operation.isSafe ? sendCached(request) : send(request)
            return response.status === 404
              ? Property.passed
              : Law.violation({
                  message: `${describe(request)} returned ${response.status} for an unknown id`,
                  requests: [request],
                  expected: "404",
                  actual: excerpt(response),
                  at: { status: response.status }
                })
          }),
        {
          seed: `${operation.id} unknown`,
          skipReason: unknownIdFormat,
          runs: operation.isSafe ? Math.ceil(settings.runs / 4) : 10
        }
      )
    })
}

/**
 * The laws of single resources.
 */
export const resources: ReadonlyArray<Law.Law> = [getMatchesList, readsAgree, unknownId]
