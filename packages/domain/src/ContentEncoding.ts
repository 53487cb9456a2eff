// Decompression of HTTP response bodies that the platform passed on as the server sent them.
//
// `fetch` decompresses bodies and keeps the `Content-Encoding` header; undici's dispatchers and `node:http` do neither.
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"

/**
 * The reason why a body could not be decoded.
 *
 * - `Truncated`: the compressed body is incomplete or damaged.
 * - `TooLarge`: the decoded body exceeds the size limit.
 * - `Unsupported`: this platform cannot decode the encoding.
 *
 * **Example** (Reasons after which another request may succeed)
 *
 * ```ts
 * import type { Problem } from "@effect-workos/domain/ContentEncoding"
 *
 * const isRetryable = (problem: Problem): boolean => problem === "Truncated"
 * ```
 */
export type Problem = "Truncated" | "TooLarge" | "Unsupported"

/** The functions of `node:zlib` that are used here. Older versions of Node have no zstd. */
interface Zlib {
  readonly brotliDecompressSync: Decompress
  readonly inflateRawSync: Decompress
  readonly unzipSync: Decompress
  readonly zstdDecompressSync?: Decompress
}

type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array

declare const process: { readonly getBuiltinModule?: (id: "node:zlib") => Zlib | undefined } | undefined

/**
 * Returns the text of a body that has the given `Content-Encoding`: none, `gzip`, `deflate`, `br`, `zstd`, or several of them.
 * A body that the platform has decoded already is returned as it is.
 *
 * **Details**
 *
 * Decoding needs `node:zlib`, which Node, Bun, Deno and compatible workers have; zstd needs Node 22.15 or later. Platforms
 * without it have no client but `fetch`, which decodes bodies itself. At most `maxBytes` bytes are decoded.
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
    // Each encoding can multiply the size of the body before it.
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
      // Some servers leave out the header of zlib, whose first byte ends in 8.
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

// Compressed bytes soon contain a control character or no UTF-8. JSON and HTML are UTF-8 without control characters, except
// for those from U+007F to U+009F, which JSON does not escape.
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
