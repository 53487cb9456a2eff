// JSON parsing that keeps all digits of numbers.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Arbitraries from "../src/Arbitraries.ts"
import * as ExactJson from "../src/ExactJson.ts"

const NumberText = Arbitraries.stringMatching(/-?(?:0|[1-9][0-9]{0,24})(?:\.[0-9]{1,24})?(?:[eE][-+]?[0-9]{1,3})?/)
const Key = Schema.Literals(["__proto__", "constructor", "toString", "hasOwnProperty", "n", "1"])
const Space = Schema.Literals(["", " ", "\n  ", "\t"])

/** The value of a number: its sign, its digits without zeros at the ends, and its exponent. */
const decimal = (source: string): string => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(source) ?? []
  const digits = (whole + fraction).replace(/^0+/, "")
  const significant = digits.replace(/0+$/, "")
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return significant === "" ? "0" : `${sign}${significant}e${power}`
}

/** The value of a number as an integer, multiplied by ten to the power of 3000. */
const scaled = (source: string): bigint => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(source) ?? []
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(3000 + Number(exponent) - fraction.length)
}

const numbersIn = (text: string): ReadonlyArray<string> => text.match(/-?\d[\d.eE+-]*(?=[\s,\]}])/g) ?? []

describe("ExactJson.parse", () => {
  it.effect.prop(
    "ExactJson.parse keeps the value of every number and every key, at every depth",
    [Schema.Array(Schema.Tuple([Key, NumberText, Space])).check(Schema.isMaxLength(5)), NumberText, Space],
    ([members, first, space]) =>
      Effect.sync(() => {
        const text = members.reduce(
          (inner, [key, number, space]) =>
            `{${space}"${key}":${space}{"array":[${number},${space}${inner}],"last":${number}${space}}}`,
          `[${space}${first}${space}]`
        )
        const written = JSON.stringify(ExactJson.parse(text))
        assert.deepStrictEqual(numbersIn(written).map(decimal), numbersIn(text).map(decimal))
        assert.deepStrictEqual(written.match(/"\w+"/g), text.match(/"\w+"/g))
      })
  )

  it.prop(
    "ExactJson.parse returns a primitive number if and only if the number keeps its value",
    [NumberText, NumberText],
    (texts) => {
      // Random texts, and other notations of numbers that JavaScript has.
      const finite = texts.map(Number).filter(Number.isFinite)
      for (const text of [...texts, ...finite.flatMap((value) => [String(value), value.toExponential()])]) {
        const [exact] = Object.values(Object(ExactJson.parse(`[${text}]`)))
        const isKept = Number.isFinite(Number(text)) && scaled(String(Number(text))) === scaled(text)
        assert.strictEqual(typeof exact, isKept ? "number" : "object", text)
      }
    }
  )

  it.each([
    "1e5",
    "1E5",
    "100000000.0",
    "1.50e3",
    "1.500000000000000000000",
    "0e400",
    "1000000000000000000000",
    "-0.0e1"
  ])("ExactJson.parse returns the primitive number for %s", (number) => {
    assert.deepStrictEqual(ExactJson.parse(`{"n":${number}}`), { n: Number(number) })
  })

  it("ExactJson.parse parses a number of a million digits in linear time", () => {
    const zeros = "0".repeat(1_000_000)
    for (const number of [`1${zeros}1`, `1.${zeros}1`, `0.${zeros}1`]) {
      assert.strictEqual(JSON.stringify(ExactJson.parse(`[${number}]`)), `[${number}]`)
    }
  })

  it.each([
    "12345678901234567890",
    "-9007199254740993",
    "9007199254740993",
    "1.10000000000000000001",
    "1.00000000000000000001",
    "12345678.12345678901",
    "1234567890123456.5",
    "1e400",
    "-1E+400",
    "1e-400",
    "0.1e-1000",
    "4e-324",
    "5e-325",
    "1.7976931348623157e309"
  ])("JSON.stringify writes %s as it was parsed by ExactJson.parse", (number) => {
    for (const text of [`{"n":${number}}`, `[${number}]`, `[1,${number},{"n":[${number}]}]`]) {
      assert.strictEqual(JSON.stringify(ExactJson.parse(text)), text)
    }
  })

  it("A rounded number of ExactJson.parse calculates like any other number", () => {
    const [number] = Object.values(Object(ExactJson.parse('{"n":12345678901234567890}')))
    assert.strictEqual(Number(number) + 1, Number("12345678901234567890") + 1)
    assert.isTrue(Number(number) > 1)
  })

  it.each(['{"n":1.50,"m":100,"o":-0.5,"p":[1,23]}', '{"id":"12345678901234567890","text":"1e400"}'])(
    "ExactJson.parse returns numbers that JavaScript can represent, and texts, unchanged: %s",
    (text) => {
      assert.deepStrictEqual(ExactJson.parse(text), JSON.parse(text))
      const value: unknown = JSON.parse(text)
      assert.strictEqual(ExactJson.restore(text, value), value)
    }
  )

  it("ExactJson.parse returns the rounded numbers of a text that is nested too deeply", () => {
    const text = `[12345678901234567890,${"[".repeat(100_000)}${"]".repeat(100_000)}]`
    assert.isTrue(Array.isArray(ExactJson.parse(text)))
  })

  it("ExactJson.parse throws a SyntaxError for a text that is not JSON", () => {
    assert.throws(() => ExactJson.parse("{"), SyntaxError)
  })
})
