// Single resources: that they are what lists show, that reading twice is reading the same, and that what is not there
// is not found.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isRow } from "../../Convention.ts"
import { describe, excerpt, type Exchange, shorten } from "../../Exchange.ts"
import * as Exercise from "../Exercise.ts"
import * as Generate from "../Generate.ts"
import * as Law from "../../Law.ts"
import type { Operation } from "../../Operation.ts"
import * as Property from "../Property.ts"
import { Session } from "../../Session.ts"
import * as Shown from "../Shown.ts"

const noSuchId = "nobody can tell what an id of the right form looks like"

const isItem = ({ params }: Operation) => params.length > 0

const getMatchesList: Law.Law = {
  id: "resources/get-matches-list",
  sentence: "Getting a resource returns what the list showed of it.",
  source: Law.expected("It is one resource, wherever it is read."),
  severity: "error",
  overLists: true,
  appliesTo: Shown.isGotFromList,
  check: (operation) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const { shown: rows, unreadable } = yield* Shown.shownTo(operation)
      if (unreadable !== undefined) return Law.notExercised(unreadable)
      return yield* Property.forAll(
        Generate.below(rows.length),
        (position) =>
          Effect.gen(function* () {
            const { name, row } = rows[position] ?? {}
            if (name === undefined || row === undefined) return "vacuous"
            const exchange = yield* send(Exercise.itemRequest(operation, name))
            const { answer, request } = exchange
            if (answer.status !== 200 || !isRow(answer.json)) {
              return {
                message: `${describe(request)} was answered with ${answer.status}, and the list shows it`,
                requests: [request],
                expected: shorten(JSON.stringify(row), 400),
                actual: excerpt(answer)
              }
            }
            const shown = answer.json
            const different = Object.keys(row).filter((name) => !Equal.equals(row[name], shown[name]))
            return different.length === 0
              ? "holds"
              : {
                  message: `${describe(request)} returns another ${different.join(", ")} than the list`,
                  requests: [request],
                  expected: different.map((name) => `${name}: ${JSON.stringify(row[name])}`).join(", "),
                  actual: different.map((name) => `${name}: ${JSON.stringify(shown[name])}`).join(", ")
                }
          }),
        { seed: `${operation.id} rows` }
      )
    })
}

const readsAgree: Law.Law = {
  id: "resources/reads-agree",
  sentence: "Reading twice is reading the same.",
  source: Law.expected("Reading changes nothing."),
  severity: "error",
  overLists: true,
  appliesTo: ({ id, isSafe }, { convention: { closed = [] } }) => isSafe && !closed.includes(id),
  check: (operation) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const cases = yield* Generate.documented(operation)
      return yield* Property.forAll(
        cases,
        (request) =>
          Effect.gen(function* () {
            const first = yield* send(request)
            const second = yield* send(request)
            if (isSame(first, second)) return "holds"
            // What has changed in between stays as it is.
            if (isSame(second, yield* send(request))) return "vacuous"
            return {
              message: `${describe(request)} was answered in two ways`,
              requests: [request, request],
              expected: excerpt(first.answer),
              actual: excerpt(second.answer)
            }
          }),
        { seed: `${operation.id} documented`, vacuous: "the server has nothing to read" }
      )
    })
}

const isSame = ({ answer: first }: Exchange, { answer: second }: Exchange): boolean => {
  if (first.status !== second.status) return false
  // Errors may name the request that they are about.
  return first.status >= 400 || first.text === second.text || Equal.equals(first.json, second.json)
}

const unknownId: Law.Law = {
  id: "resources/unknown-id",
  sentence: "What does not exist is not found: a documented 404.",
  source: Law.expected("An id that was never given to anything is the id of nothing."),
  severity: "error",
  appliesTo: (operation) => isItem(operation) && operation.answers.has(404),
  check: (operation) =>
    Effect.gen(function* () {
      const { ask, description, send } = yield* Session
      const { convention } = description
      const { shown } = yield* Shown.shownTo(operation)
      const like = shown[0]?.name
      const [param] = operation.params
      const body = yield* Exercise.anyBody(operation)
      return yield* Property.forAll(
        Generate.below(1_000_000),
        (position) =>
          Effect.gen(function* () {
            // What can be no id at all is bad input.
            if (param?.accepts(Generate.unknownId(param, position, convention, like)) === false) return "vacuous"
            const request = { ...Exercise.nothingRequest(operation, convention, position, like), ...body }
            const { answer } = yield* operation.isSafe ? ask(request) : send(request)
            return answer.status === 404
              ? "holds"
              : {
                  message: `${describe(request)} was answered with ${answer.status}, and there is no such resource`,
                  requests: [request],
                  expected: "404",
                  actual: excerpt(answer)
                }
          }),
        { seed: `${operation.id} unknown`, vacuous: noSuchId, ...(operation.isSafe ? {} : { runs: 10 }) }
      )
    })
}

/**
 * The laws of single resources.
 */
export const resources: ReadonlyArray<Law.Law> = [getMatchesList, readsAgree, unknownId]
