// Inputs of all operations for which no request is sent.
import { assert, describe, it } from "@effect/vitest"
import * as Fields from "@effect-workos/domain/Fields"
import * as Id from "@effect-workos/domain/Id"
import { seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { exchange } from "./call.ts"
import { describedInput, type Input, toArguments } from "./input.ts"
import { operations, type Operation } from "./operations.ts"

/** Texts that are not ids with a prefix. */
const invalidIds = (prefix: string): ReadonlyArray<string> => [
  "",
  "..",
  "nonsense",
  `other${prefix}_01E4ZCR3C56J083X43JQXF3JK5`,
  "another_01E4ZCR3C56J083X43JQXF3JK5",
  `${prefix}_`,
  `${prefix}_domain_01E4ZCR3C56J083X43JQXF3JK5`,
  `${prefix}_01E4/../../connections`,
  `${prefix}_01E4%2f..`,
  `${prefix}_01E4 ZCR`,
  `${prefix}_01E4?limit=1`,
  `${prefix}_01E4#ZCR`,
  `${prefix}_01E4\n`,
  `${prefix}_Ł`,
  `${prefix}_${"A".repeat(10_000)}`
]

const invalidLimits: ReadonlyArray<readonly [limit: number, message: string]> = [
  [0, "Expected a value between 1 and 100"],
  [101, "Expected a value between 1 and 100"],
  [1.5, "Expected an integer"],
  [NaN, "Expected an integer"]
]

/** Asserts that a call fails with a message, and sends no request. */
const assertNotSent = (operation: Operation, form: ReadonlyArray<string>, input: Input, message: string) =>
  Effect.gen(function* () {
    const args = toArguments(operation.endpoint, input)
    const { exchanges, exit } = yield* exchange(operation, form, args, () => Effect.die("No request was expected."))
    const error = yield* Effect.flip(exit)
    assert.deepInclude(error, { _tag: "InvalidRequest", message: `${operation.name}: ${message}` })
    assert.isEmpty(exchanges)
  })

describe.each(operations)("$name", (operation) => {
  const { endpoint, name } = operation
  const ids = Object.entries(endpoint.params ?? {}).flatMap(([name, { ast }]) => {
    const prefix = Id.prefixOf(ast)
    return prefix === undefined ? [] : [{ part: "params" as const, name, prefix }]
  })
  const options = [endpoint.query, endpoint.payload].flatMap((part) =>
    part === undefined ? [] : Fields.of(Schema.toType(part).ast)
  )
  const optionIds = options.flatMap(({ kind, name }) =>
    kind._tag === "Text" && kind.prefix !== undefined ? [{ part: "options" as const, name, prefix: kind.prefix }] : []
  )
  const invalid = [...ids, ...optionIds].flatMap(({ name, part, prefix }) =>
    invalidIds(prefix).map((value) => ({
      name,
      part,
      value,
      message: `${name}: Expected an id that starts with ${prefix}_`
    }))
  )
  const limits = endpoint.item === undefined ? [] : invalidLimits

  it.effect(`${name} sends no request with an invalid id or limit`, () =>
    Effect.gen(function* () {
      const [input = assert.fail()] = yield* Arbitrary.sampleEffect(describedInput(endpoint), { count: 1, seed })
      // Parameters that exclude others are absent.
      const given = { ...input, options: endpoint.exclusive === undefined ? input.options : {} }
      for (const { message, name, part, value } of invalid) {
        yield* assertNotSent(operation, [], { ...given, [part]: { ...given[part], [name]: value } }, message)
      }
      for (const [limit, message] of limits) {
        yield* assertNotSent(
          operation,
          ["encoded"],
          { ...given, options: { ...given.options, limit } },
          `limit: ${message}`
        )
      }
    })
  )
})
