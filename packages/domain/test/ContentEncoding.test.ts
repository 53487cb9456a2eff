// Decompression of bodies in every encoding of `node:zlib`.
import { assert, describe, it } from "@effect/vitest"
import { runs, sampleOfEach } from "@effect-workos/testing/Sample"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as zlib from "node:zlib"
import * as ContentEncoding from "../src/ContentEncoding.ts"

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY } = zlib.constants

interface Compressor {
  readonly kind: string
  /** The value of `Content-Encoding`. */
  readonly encoding: string
  readonly compress: (bytes: Uint8Array) => Uint8Array
}

// Every level and window size of every compressor.
const allCompressors: ReadonlyArray<Compressor> = [
  ...Array.from({ length: 10 }, (_, level) => level).flatMap((level): ReadonlyArray<Compressor> => [
    { kind: "gzip", encoding: "gzip", compress: (bytes) => zlib.gzipSync(bytes, { level }) },
    { kind: "zlib", encoding: "deflate", compress: (bytes) => zlib.deflateSync(bytes, { level }) },
    { kind: "raw deflate", encoding: "deflate", compress: (bytes) => zlib.deflateRawSync(bytes, { level }) }
  ]),
  ...[0, 1, 4, 9, 11].flatMap((quality) =>
    [10, 16, 22, 24].map((window): Compressor => {
      const params = { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_LGWIN]: window }
      return { kind: "brotli", encoding: "br", compress: (bytes) => zlib.brotliCompressSync(bytes, { params }) }
    })
  ),
  { kind: "zstd", encoding: "zstd", compress: (bytes) => zlib.zstdCompressSync(bytes) },
  { kind: "two", encoding: "gzip, br", compress: (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes)) },
  { kind: "alias", encoding: "Identity,X-GZIP", compress: (bytes) => zlib.gzipSync(bytes) }
]
const compressors = sampleOfEach(allCompressors, ({ kind }) => kind, 2)

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const large = 16 * 1024 * 1024

describe("ContentEncoding", () => {
  it.prop(
    "ContentEncoding decodes every JSON body, compressed at any level or already decoded by the platform",
    [Schema.Json],
    ([value]) => {
      const text = JSON.stringify(value)
      for (const { compress, encoding } of compressors) {
        const compressed = compress(bytesOf(text))
        const chunks = [compressed.subarray(0, 1), compressed.subarray(1)]
        assert.deepStrictEqual(ContentEncoding.text(chunks, encoding, large), Result.succeed(text))
        assert.deepStrictEqual(ContentEncoding.text([bytesOf(text)], encoding, large), Result.succeed(text))
      }
    },
    { arbitrary: { runs: runs(100, 50) } }
  )

  it("ContentEncoding reports every compressed body that ends early as truncated", () => {
    const text = JSON.stringify({
      data: Array.from({ length: 50 }, (_, index) => ({ index, text: String(index ** 5) }))
    })
    for (const { compress, encoding } of compressors) {
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

  it("ContentEncoding decodes a body up to the size limit, and reports one byte more as too large", () => {
    for (const { compress, encoding } of compressors) {
      const compressed = [compress(bytesOf(" ".repeat(100_000)))]
      assert.isTrue(Result.isSuccess(ContentEncoding.text(compressed, encoding, 100_000)))
      assert.deepStrictEqual(ContentEncoding.text(compressed, encoding, 99_999), Result.fail("TooLarge"))
    }
  })

  it("ContentEncoding reports unknown encodings, and more than five encodings, as unsupported", () => {
    const bytes = zlib.gzipSync("{}")
    for (const encoding of ["compress", "gzip, compress", Array.from({ length: 6 }, () => "gzip").join()]) {
      assert.deepStrictEqual(ContentEncoding.text([bytes], encoding, large), Result.fail("Unsupported"))
    }
  })

  it("ContentEncoding ignores empty elements of the list of encodings", () => {
    for (const encoding of ["gzip,", ",gzip", " , gzip ,, ", "gzip,,,,,,,"]) {
      assert.deepStrictEqual(ContentEncoding.text([zlib.gzipSync("{}")], encoding, large), Result.succeed("{}"))
    }
    for (const encoding of ["", " ", ","]) {
      assert.deepStrictEqual(ContentEncoding.text([bytesOf("{}")], encoding, large), Result.succeed("{}"))
    }
  })

  it("ContentEncoding returns a body that the platform has decoded unchanged, with every character that JSON does not escape", () => {
    const controls = String.fromCharCode(...Array.from({ length: 0xa0 - 0x7f }, (_, index) => 0x7f + index))
    for (const text of [...Array.from(controls), controls, "\t\r\n", "\u2028\ufeff\ufffe"]) {
      const body = JSON.stringify({ name: `L${text}Oreal` })
      for (const { encoding } of compressors) {
        assert.deepStrictEqual(ContentEncoding.text([bytesOf(body)], encoding, large), Result.succeed(body))
      }
    }
    const indented = JSON.stringify({ name: "Acme" }, null, "\t").replaceAll("\n", "\r\n")
    assert.deepStrictEqual(ContentEncoding.text([bytesOf(indented)], "gzip", large), Result.succeed(indented))
  })

  it("ContentEncoding returns an empty body unchanged", () => {
    assert.deepStrictEqual(ContentEncoding.text([], "br", large), Result.succeed(""))
  })
})
