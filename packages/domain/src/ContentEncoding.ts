/**
 * Decompression of HTTP response bodies that the platform did not decompress.
 *
 * `fetch` decompresses bodies, but keeps the `Content-Encoding` header. undici's dispatchers and `node:http` do not
 * decompress.
 *
 * @module
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"

/**
 * The reason why a body could not be decoded.
 *
 * - `Truncated`: the compressed body is incomplete or damaged.
 * - `TooLarge`: the decoded body exceeds the size limit.
 * - `Unsupported`: this platform cannot decode the encoding.
 */
export type Problem = "Truncated" | "TooLarge" | "Unsupported"

/** The functions of `node:zlib` that this module uses. Older versions of Node have no zstd. */
interface Zlib {
  readonly brotliDecompressSync: Decompress
  readonly inflateRawSync: Decompress
  readonly unzipSync: Decompress
  readonly zstdDecompressSync?: Decompress
}

type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array

declare const process: { readonly getBuiltinModule?: (id: "node:zlib") => Zlib | undefined } | undefined

/**
 * Returns the text of a body with the given `Content-Encoding`: none, `gzip`, `deflate`, `br`, `zstd`, or several of them.
 * A body that the platform already decoded is returned unchanged.
 *
 * **Details**
 *
 * Decoding needs `node:zlib`, which Node, Bun, Deno and compatible workers have; zstd needs Node 22.15 or later. On
 * platforms without `node:zlib` the only client is `fetch`, which decodes bodies itself. At most `maxBytes` bytes are
 * decoded.
 *
 * **Example** (Decoding a body that was read in chunks)
 *
 * ```ts
 * import * as ContentEncoding from "@effect-workos/domain/ContentEncoding"
 * import * as Result from "effect/Result"
 *
 * const bodyOf = (chunks: ReadonlyArray<Uint8Array>) =>
 *   ContentEncoding.text(chunks, "gzip", 1024 * 1024).pipe(
 *     Result.mapError((problem) => `The body could not be decoded: ${problem}.`)
 *   )
 * ```
 */
export const text = (
  chunks: ReadonlyArray<Uint8Array>,
  contentEncoding: string | undefined,
  maxBytes: number
): Result.Result<string, Problem> => {
  let bytes = concatenate(chunks)
  if (contentEncoding !== undefined && !isText(bytes)) {
    // A list can have empty elements.
    const encodings = contentEncoding.toLowerCase().match(/[^\s,]+/g) ?? []
    // The number is limited, because each encoding can multiply the size of the body.
    if (encodings.length > 5) return Result.fail("Unsupported")
    for (const encoding of encodings.toReversed()) {
      const decompress = decompressorOf(bytes, encoding)
      if (decompress === undefined) return Result.fail("Unsupported")
      try {
        bytes = decompress(bytes, { maxOutputLength: Math.min(maxBytes, 2 ** 31 - 1) })
      } catch (error) {
        return Result.fail(
          Predicate.hasProperty(error, "code") && error.code === "ERR_BUFFER_TOO_LARGE" ? "TooLarge" : "Truncated"
        )
      }
    }
  }
  return Result.succeed(new TextDecoder().decode(bytes))
}

const decompressorOf = ([first = 0]: Uint8Array, encoding: string): Decompress | undefined => {
  const zlib = typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:zlib")
  switch (encoding) {
    case "br":
      return zlib?.brotliDecompressSync
    case "deflate":
      // Some servers omit the zlib header, whose first byte ends with the hexadecimal digit 8.
      return (first & 15) === 8 ? zlib?.unzipSync : zlib?.inflateRawSync
    case "gzip":
    case "x-gzip":
      return zlib?.unzipSync
    case "identity":
      return (bytes) => bytes
    case "zstd":
      return zlib?.zstdDecompressSync
    default:
      return undefined
  }
}

const concatenate = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

// The first bytes of compressed data contain control characters or invalid UTF-8. JSON and HTML contain neither, except for
// U+007F to U+009F, which JSON can contain unescaped.
const isText = (bytes: Uint8Array): boolean => {
  const start = bytes.subarray(0, 256)
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true })
    // Tab, line feed and carriage return are text.
    return start.every((byte) => byte > 31 || [9, 10, 13].includes(byte))
  } catch {
    return false
  }
}
