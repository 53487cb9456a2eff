// The laws of input: a server refuses invalid input, and responds to unusual text, with a documented status.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type ApiConventions, areExclusive, type Lists } from "../../ApiConventions.ts"
import { describe, excerpt, type Exchange, type Request, type NoResponse } from "../../Exchange.ts"
import * as Lifecycle from "../../Lifecycle.ts"
import * as Generate from "../Generate.ts"
import * as Sampling from "../../Sampling.ts"
import * as AdversarialInputs from "../AdversarialInputs.ts"
import * as Law from "../../Law.ts"
import { fieldsOf, type ApiOperation, type Parameter } from "../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { resourceOperationsOf } from "../../ResourceOperations.ts"
import { Session } from "../../Session.ts"
import * as KnownRows from "../KnownRows.ts"

/** Statuses that servers of any API return for a URL that exceeds their limit. */
const uriTooLong = new Set([414, 431])

// A refusal is a documented 4xx other than 401, or a response that the conventions declare as a refusal.
const checkRefused = (
  operation: ApiOperation,
  { response, request }: Exchange,
  length: number,
  conventions: ApiConventions
): Property.CaseResult => {
  const { status } = response
  if (conventions.isRefusal?.(response) === true && operation.responses.has(status)) return "passed"
  if (status >= 400 && status < 500 && status !== 401 && operation.responses.has(status)) return "passed"
  if (length > 2000 && uriTooLong.has(status)) return "passed"
  const documented = [...operation.responses.keys()].filter(
    (status) => status >= 400 && status < 500 && status !== 401 && status !== 429
  )
  return {
    message: `${describe(request)} returned ${status}`,
    requests: [request],
    expected: `one of ${documented.toSorted().join(", ")}`,
    actual: excerpt(response)
  }
}

// Checks that the server refuses documented requests in which one parameter has an invalid value.
const refusesParameterValues =
  (
    parameters: (operation: ApiOperation) => ReadonlyArray<Parameter>,
    values: (parameter: Parameter, ids: ReadonlyArray<string>) => ReadonlyArray<string>
  ) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const { lists } = description.conventions
      const rows = yield* Sampling.rowsOf(description.operations, lists)
      const ids = lists === undefined ? [] : rows.slice(0, 1).map((row) => String(row[lists.id]))
      const bad = parameters(operation).flatMap((parameter) =>
        values(parameter, ids)
          .filter((value) => !parameter.accepts(value))
          .map((value) => ({ name: parameter.name, value }))
      )
      if (bad.length === 0) return Law.skipped("every value is documented")
      const check = (request: Request, value: string) =>
        Effect.map(sendCached(request), (exchange) =>
          checkRefused(operation, exchange, value.length, description.conventions)
        )
      const plain = yield* Generate.minimal(operation)
      const cases = yield* Generate.documented(operation)
      return yield* Property.all(
        Property.forEach(bad, ({ name, value }) => check(Generate.withParameter(plain, name, value), value)),
        Property.forAll(
          withPosition(cases, bad.length),
          ({ position, request }) => {
            const one = bad[position]
            return one === undefined
              ? Effect.succeed("inconclusive")
              : check(
                  Generate.withParameter(
                    withoutConflicts(operation, request, one.name, description.conventions),
                    one.name,
                    one.value
                  ),
                  one.value
                )
          },
          { seed: `${operation.id} bad` }
        )
      )
    })

const withPosition = (cases: Arbitrary.Arbitrary<Request>, count: number) =>
  Arbitrary.all({ request: cases, position: Generate.intBelow(count) })

// Removes cursors and the parameters that exclude `parameter`: the server could refuse the request because of these.
const withoutConflicts = (
  { id }: ApiOperation,
  request: Request,
  parameter: string,
  conventions: ApiConventions
): Request => ({
  ...request,
  query: request.query.filter(
    ([name]) =>
      name !== conventions.lists?.after &&
      name !== conventions.lists?.before &&
      !areExclusive(conventions, id, parameter, name)
  )
})

const isList: Law.Law["appliesTo"] = (operation, { conventions }) => Sampling.isList(operation, conventions.lists)

const limit: Law.Law = {
  id: "input/limit",
  sentence: "The server refuses an invalid `limit`, such as 0, 101, -1, 1.5, text or a huge number.",
  source: Law.expected("The documentation states the bounds of the limit."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.flatMap(Session, ({ description }) => {
      const { maximum, parameter: name } = description.conventions.lists?.limit ?? {}
      return refusesParameterValues(
        ({ query }) => query.filter((parameter) => parameter.name === name),
        () => [...AdversarialInputs.limits, ...(maximum === undefined ? [] : [String(maximum + 1)])]
      )(operation)
    })
}

const enums: Law.Law = {
  id: "input/enum",
  sentence: "The server refuses an unknown value of an enumerated parameter.",
  source: Law.expected("Ignoring an unknown value of a filter would return every row."),
  severity: "error",
  appliesTo: ({ isSafe, query }) => isSafe && query.some(({ literals }) => literals.length > 0),
  check: refusesParameterValues(
    ({ query }) => query.filter(({ literals }) => literals.length > 0),
    ({ literals }) => [
      ...AdversarialInputs.words,
      ...literals
        .slice(0, 3)
        .flatMap((literal) => [`${literal}X`, literal.slice(1), ` ${literal}`, literal.split("").toReversed().join("")])
    ]
  )
}

const cursorsOf = (operation: ApiOperation, lists: Lists | undefined) =>
  operation.query.filter(({ name }) => name === lists?.after || name === lists?.before)

const malformedCursor: Law.Law = {
  id: "input/malformed-cursor",
  sentence: "The server refuses a malformed cursor.",
  source: Law.expected("A cursor is the id of an existing resource."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.flatMap(Session, ({ description: { conventions } }) =>
      refusesParameterValues(
        (operation) => cursorsOf(operation, conventions.lists),
        (_, [id = ""]) => [
          ...AdversarialInputs.ids,
          ...(id === ""
            ? []
            : [
                `${id}/`,
                ` ${id}`,
                `${id}'`,
                `${id},${id}`,
                id.replace(/^[a-z_]+_/, ""),
                id.replace(/^[a-z_]+_/, "other_")
              ])
        ]
      )(operation)
    )
}

const unknownCursor: Law.Law = {
  id: "input/unknown-cursor",
  sentence: "The server refuses a well-formed cursor that is not the id of an existing resource.",
  source: Law.expected("A list that restarts at its first page for an unknown cursor never ends."),
  severity: "error",
  appliesTo: isList,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const { lists } = description.conventions
      const cursors = cursorsOf(operation, lists)
      const rows = yield* Sampling.rowsOf([operation], lists)
      const like = lists === undefined || rows[0] === undefined ? undefined : String(rows[0][lists.id])
      const cases = yield* Generate.documented(operation)
      return yield* Property.forAll(
        withPosition(cases, 100_000),
        ({ position, request }) => {
          const parameter = cursors[position % cursors.length]
          const value = Generate.unknownId(parameter, position, description.conventions, like)
          if (parameter?.accepts(value) !== true) return Effect.succeed("inconclusive")
          const documented = withoutConflicts(operation, request, parameter.name, description.conventions)
          const variant = Generate.withParameter(documented, parameter.name, value)
          return Effect.map(sendCached(variant), (exchange) =>
            checkRefused(operation, exchange, 0, description.conventions)
          )
        },
        { seed: `${operation.id} cursors`, inconclusive: "the format of a cursor is unknown" }
      )
    })
}

const adversarialId: Law.Law = {
  id: "input/adversarial-id",
  sentence:
    "The server refuses a malformed id, such as an id with slashes, dots, percent signs, spaces or Unicode, or an id of 10 kB.",
  source: Law.expected("An id in a path is untrusted input."),
  severity: "error",
  appliesTo: ({ isSafe, params }) => isSafe && params.length > 0,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const { resources } = yield* KnownRows.knownRowsOf(operation)
      const id = resources[0]?.name
      const near =
        id === undefined
          ? []
          : [
              `${id}/`,
              `${id}/..`,
              `${id}%2F`,
              ` ${id}`,
              `${id} `,
              `${id}?`,
              `${id}#`,
              `${id}.json`,
              `${id}\u0000`,
              `x/${id}`,
              `../${operation.path.split("/")[1] ?? ""}/${id}`
            ]
      const ids = [...AdversarialInputs.ids, ...near].filter((id) =>
        operation.params.some((param) => !param.accepts(id))
      )
      if (ids.length === 0) return Law.skipped("every text is a documented id")
      return yield* Property.forEach(ids, (id) =>
        Effect.map(sendCached(Lifecycle.itemRequest(operation, id)), (exchange) =>
          checkRefused(operation, exchange, id.length, description.conventions)
        )
      )
    })
}

const adversarialText: Law.Law = {
  id: "input/adversarial-text",
  sentence: "The server accepts or refuses unusual text, such as quotes and null bytes, with a documented status.",
  source: Law.expected("Quotes, null bytes, wildcards and scripts are ordinary text."),
  severity: "error",
  appliesTo: (operation) => operation.isSafe && freeTexts(operation).length > 0,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const plain = yield* Generate.minimal(operation)
      const texts = freeTexts(operation).flatMap(({ name }) => AdversarialInputs.texts.map((text) => ({ name, text })))
      const judge = (exchange: Exchange, length: number): Property.CaseResult => {
        const { response } = exchange
        const isSuccess = response.status < 400 && operation.responses.has(response.status)
        return isSuccess ? "passed" : checkRefused(operation, exchange, length, description.conventions)
      }
      return yield* Property.forEach(texts, ({ name, text }) =>
        Effect.map(sendCached(Generate.withParameter(plain, name, text)), (exchange) => judge(exchange, text.length))
      )
    })
}

const freeTexts = ({ query }: ApiOperation) =>
  query.filter(({ accepts, literals }) => literals.length === 0 && accepts("'") && accepts("大阪"))

const undocumentedMethod: Law.Law = {
  id: "input/undocumented-method",
  sentence: "An undocumented method on a documented path returns 404 or 405.",
  source: Law.expected("An undocumented operation does not exist."),
  severity: "error",
  writes: true,
  appliesTo: (operation, { operations }) => operations.find(({ path }) => path === operation.path) === operation,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, send } = yield* Session
      const documented = description.operations
        .filter(({ path }) => path === operation.path)
        .map(({ method }) => method)
      // DELETE is never tried: the server might delete a whole collection.
      const methods = ["POST", "PUT", "PATCH"].filter((method) => !documented.includes(method))
      return yield* Property.forEach(methods, (method) =>
        Effect.map(
          send({ ...Lifecycle.unknownIdRequest(operation, description.conventions), method, body: { json: {} } }),
          ({ response, request }): Property.CaseResult =>
            response.status === 404 || response.status === 405
              ? "passed"
              : {
                  message: `${describe(request)} returned ${response.status}, and ${method} is undocumented for this path`,
                  requests: [request],
                  expected: "404 or 405",
                  actual: excerpt(response)
                }
        )
      )
    })
}

const missingParameter: Law.Law = {
  id: "input/missing-parameter",
  sentence: "The server refuses a request without a required parameter or header.",
  source: Law.expected("A required parameter is not optional."),
  severity: "error",
  appliesTo: ({ headers, isSafe, query }) => isSafe && [...query, ...headers].some(({ isRequired }) => isRequired),
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const cases = yield* Generate.documented(operation)
      const required = [...operation.query, ...operation.headers].filter(({ isRequired }) => isRequired)
      return yield* Property.forAll(
        withPosition(cases, required.length),
        ({ position, request }) => {
          const name = required[position]?.name
          const without: Request = {
            ...request,
            query: request.query.filter((entry) => entry[0] !== name),
            headers: Object.fromEntries(Object.entries(request.headers ?? {}).filter((entry) => entry[0] !== name))
          }
          return Effect.map(sendCached(without), (exchange) =>
            checkRefused(operation, exchange, 0, description.conventions)
          )
        },
        { seed: `${operation.id} missing` }
      )
    })
}

const exclusiveParameters: Law.Law = {
  id: "input/exclusive-parameters",
  sentence: "The server refuses a request with two parameters that exclude each other.",
  source: Law.expected("The documentation states that the parameters exclude each other."),
  severity: "drift",
  appliesTo: ({ id, isSafe }, { conventions: { exclusive } }) => isSafe && exclusive?.[id] !== undefined,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached, settings } = yield* Session
      const { conventions } = description
      const samples = yield* Effect.orDie(
        Arbitrary.sampleEffect(yield* Generate.documented(operation), {
          count: 200,
          seed: `${settings.seed} ${operation.id} exclusive`
        })
      )
      const valuesOf = (parameter: string) => [
        ...new Set(
          samples.flatMap(({ query }) => query.flatMap(([name, value]) => (name === parameter ? [value] : [])))
        )
      ]
      const pairs = (conventions.exclusive?.[operation.id] ?? []).flatMap((group) =>
        group.flatMap((first, index) =>
          group.slice(index + 1).flatMap((second) => {
            const others = valuesOf(second)
            return valuesOf(first)
              .slice(0, 5)
              .flatMap((value, at) => {
                const other = Generate.elementAt(others, at)
                return other === undefined ? [] : [{ first, value, second, other }]
              })
          })
        )
      )
      if (pairs.length === 0) return Law.skipped("no two parameters that exclude each other have known values")
      const plain = yield* Generate.minimal(operation)
      return yield* Property.forEach(pairs, ({ first, other, second, value }) =>
        Effect.map(
          sendCached(Generate.withParameter(Generate.withParameter(plain, first, value), second, other)),
          (exchange) => checkRefused(operation, exchange, 0, conventions)
        )
      )
    })
}

const malformedBody: Law.Law = {
  id: "input/malformed-body",
  sentence: "The server refuses a body that does not have the documented shape, and creates nothing.",
  source: Law.expected("The documentation states the shape of the body."),
  severity: "error",
  writes: true,
  appliesTo: ({ payload }) => payload !== undefined,
  check: (operation) =>
    Effect.gen(function* () {
      const session = yield* Session
      const { payload } = operation
      if (payload === undefined) return Law.skipped("the operation has no payload")
      const isDocumented = Schema.is(Schema.toEncoded(payload))
      const resource = resourceOperationsOf(operation, session.description)
      const good = yield* Effect.forEach(yield* Lifecycle.sampleBodies(operation, 3), (body) =>
        Lifecycle.bodyOf(operation, body)
      )
      const jsons: ReadonlyArray<unknown> = [
        {},
        [],
        null,
        "text",
        42,
        ...good.flatMap((body) =>
          fieldsOf(payload).flatMap((name) => [
            { ...body, [name]: 42 },
            { ...body, [name]: null },
            { ...body, [name]: [] },
            Object.fromEntries(Object.entries(body).filter((entry) => entry[0] !== name))
          ])
        )
      ]
      const bodies: ReadonlyArray<Request["body"]> = [
        { text: "" },
        { text: "{" },
        { text: "not json" },
        { text: '{"a":1}}' },
        ...jsons.filter((json) => !isDocumented(json)).map((json) => ({ json }))
      ]
      const refused = (plain: Request) =>
        Property.forEach(bodies, (body) =>
          Effect.gen(function* () {
            const request: Request = { ...plain, ...(body === undefined ? {} : { body }) }
            if (!Lifecycle.isCreatable(resource) || resource.create !== operation) {
              return checkRefused(operation, yield* session.send(request), 0, session.description.conventions)
            }
            // A resource created by mistake is deleted.
            const { exchange } = yield* Lifecycle.sendCreate(resource, request)
            return checkRefused(operation, exchange, 0, session.description.conventions)
          })
        )
      if (operation.params.length === 0) return yield* refused(Lifecycle.itemRequest(operation, ""))
      // An unknown id would return 404 for any body, so the law needs an existing resource.
      if (!Lifecycle.isCreatable(resource)) return Law.skipped("such resources cannot be created")
      const [body = {}] = yield* Lifecycle.sampleBodies(resource.create, 1)
      const created = yield* Lifecycle.createOrReason(resource, body)
      if (created.reason !== undefined) return Law.skipped(created.reason)
      return yield* Effect.ensuring(
        refused(Lifecycle.itemRequest(operation, created.id)),
        Effect.ignore(Lifecycle.remove(created.removal, created.id))
      )
    })
}

/**
 * The laws of input.
 */
export const input: ReadonlyArray<Law.Law> = [
  limit,
  enums,
  malformedCursor,
  unknownCursor,
  adversarialId,
  adversarialText,
  missingParameter,
  exclusiveParameters,
  malformedBody,
  undocumentedMethod
]
