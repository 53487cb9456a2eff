// Bodies that servers compress in every way that `node:zlib` can.
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as zlib from "node:zlib"
import * as ContentEncoding from "../src/ContentEncoding.ts"

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY } = zlib.constants

/** Compressors at all levels, by the encoding that their output has. */
const compressors: ReadonlyArray<readonly [encoding: string, compress: (bytes: Uint8Array) => Uint8Array]> = [
  ...Array.from({ length: 10 }, (_, level) => level).flatMap((level) => [
    ["gzip", (bytes: Uint8Array) => zlib.gzipSync(bytes, { level })] as const,
    ["deflate", (bytes: Uint8Array) => zlib.deflateSync(bytes, { level })] as const,
    ["deflate", (bytes: Uint8Array) => zlib.deflateRawSync(bytes, { level })] as const
  ]),
  ...[0, 1, 4, 9, 11].flatMap((quality) =>
    [10, 16, 22, 24].map(
      (window) =>
        [
          "br",
          (bytes: Uint8Array) =>
            zlib.brotliCompressSync(bytes, {
              params: { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_LGWIN]: window }
            })
        ] as const
    )
  ),
  ["zstd", (bytes: Uint8Array) => zlib.zstdCompressSync(bytes)],
  ["gzip, br", (bytes: Uint8Array) => zlib.brotliCompressSync(zlib.gzipSync(bytes))],
  ["Identity,X-GZIP", (bytes: Uint8Array) => zlib.gzipSync(bytes)]
]

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const large = 16 * 1024 * 1024

describe("ContentEncoding", () => {
  it.prop("decodes every JSON body, compressed in every way or decoded by the platform", [Schema.Json], ([value]) => {
    const text = JSON.stringify(value)
    for (const [encoding, compress] of compressors) {
      const compressed = compress(bytesOf(text))
      const chunks = [compressed.subarray(0, 1), compressed.subarray(1)]
      assert.deepStrictEqual(ContentEncoding.text(chunks, encoding, large), Result.succeed(text))
      assert.deepStrictEqual(ContentEncoding.text([bytesOf(text)], encoding, large), Result.succeed(text))
    }
  })

  it("reports every compressed body that ends early as truncated, and no other problem", () => {
    const text = JSON.stringify({
      data: Array.from({ length: 50 }, (_, index) => ({ index, text: String(index ** 5) }))
    })
    for (const [encoding, compress] of compressors) {
      const compressed = compress(bytesOf(text))
      for (const length of [32, compressed.length >> 1, compressed.length - 1]) {
        assert.deepStrictEqual(
          ContentEncoding.text([compressed.subarray(0, length)], encoding, large),
          Result.fail("Truncated"),
          `${encoding}, ${length} of ${compressed.length} bytes`
        )
      }
    }
  })

  it("decodes up to the size limit, and reports one byte more as too large", () => {
    for (const [encoding, compress] of compressors) {
      const compressed = [compress(bytesOf(" ".repeat(100_000)))]
      assert.isTrue(Result.isSuccess(ContentEncoding.text(compressed, encoding, 100_000)))
      assert.deepStrictEqual(ContentEncoding.text(compressed, encoding, 99_999), Result.fail("TooLarge"))
    }
  })

  it("reports unknown encodings, and more than five, as unsupported", () => {
    const bytes = zlib.gzipSync("{}")
    for (const encoding of ["compress", "gzip, compress", Array.from({ length: 6 }, () => "gzip").join()]) {
      assert.deepStrictEqual(ContentEncoding.text([bytes], encoding, large), Result.fail("Unsupported"))
    }
  })

  it("ignores empty elements of the list of encodings", () => {
    for (const encoding of ["gzip,", ",gzip", " , gzip ,, ", "gzip,,,,,,,"]) {
      assert.deepStrictEqual(ContentEncoding.text([zlib.gzipSync("{}")], encoding, large), Result.succeed("{}"))
    }
    for (const encoding of ["", " ", ","]) {
      assert.deepStrictEqual(ContentEncoding.text([bytesOf("{}")], encoding, large), Result.succeed("{}"))
    }
  })

  it("returns a body that the platform decoded as it is, with every character that JSON does not escape", () => {
    const controls = String.fromCharCode(...Array.from({ length: 0xa0 - 0x7f }, (_, index) => 0x7f + index))
    for (const text of [...Array.from(controls), controls, "\t\r\n", "\u2028\ufeff\ufffe"]) {
      const body = JSON.stringify({ name: `L${text}Oreal` })
      for (const [encoding] of compressors) {
        assert.deepStrictEqual(ContentEncoding.text([bytesOf(body)], encoding, large), Result.succeed(body))
      }
    }
    const indented = JSON.stringify({ name: "Acme" }, null, "\t").replaceAll("\n", "\r\n")
    assert.deepStrictEqual(ContentEncoding.text([bytesOf(indented)], "gzip", large), Result.succeed(indented))
  })

  it("returns an empty body as it is", () => {
    assert.deepStrictEqual(ContentEncoding.text([], "br", large), Result.succeed(""))
  })
})
