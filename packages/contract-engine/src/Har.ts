/**
 * HTTP archives (HAR 1.2): files of recorded HTTP traffic, as browsers, proxies and test suites write them.
 *
 * @module
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as JsonArray from "effect/encoding/JsonArray"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Stream from "effect/Stream"

// A field that HAR 1.2 requires and that some programs omit or set to null.
const orDefault = <S extends Schema.Constraint>(schema: S, value: NoInfer<S["Encoded"]>) =>
  Schema.optionalKey(Schema.NullOr(Schema.toEncoded(schema))).pipe(
    Schema.decodeTo(schema, {
      decode: SchemaGetter.transformOptional((given: Option.Option<S["Encoded"] | null>) =>
        Option.some(Option.getOrElse(Option.filter(given, isPresent), () => value))
      ),
      encode: SchemaGetter.passthroughSubtype()
    })
  )

// An optional field that some programs set to null.
const orAbsent = <S extends Schema.Constraint>(schema: S) =>
  Schema.optionalKey(Schema.NullOr(Schema.toEncoded(schema))).pipe(
    Schema.decodeTo(Schema.optionalKey(schema), {
      decode: SchemaGetter.transformOptional((given: Option.Option<S["Encoded"] | null>) =>
        Option.filter(given, isPresent)
      ),
      encode: SchemaGetter.passthroughSubtype()
    })
  )

const isPresent = <A>(value: A | null | undefined): value is A => value !== null && value !== undefined

const text = orDefault(Schema.String, "")

/** Sizes are -1 if they are unknown. */
const size = orDefault(Schema.Finite, -1)

/**
 * A header, a cookie or a query parameter.
 */
export const Pair = Schema.Struct({ name: Schema.String, value: text })
export interface Pair extends Schema.Schema.Type<typeof Pair> {}

const pairs = orDefault(Schema.Array(Pair), [])

/**
 * The body of a request: its text, or the fields of a form.
 */
export const PostData = Schema.Struct({ mimeType: text, text, params: orAbsent(Schema.Array(Pair)) })
export interface PostData extends Schema.Schema.Type<typeof PostData> {}

/**
 * A recorded request.
 */
export const Request = Schema.Struct({
  method: Schema.String,
  url: Schema.String,
  httpVersion: orDefault(Schema.String, "HTTP/1.1"),
  cookies: pairs,
  headers: pairs,
  queryString: pairs,
  postData: orAbsent(PostData),
  headersSize: size,
  bodySize: size
})
export interface Request extends Schema.Schema.Type<typeof Request> {}

/**
 * The body of a response. `text` is absent if the body was not recorded. `encoding` is `base64` for a binary body.
 */
export const Content = Schema.Struct({
  size,
  mimeType: text,
  text: orAbsent(Schema.String),
  encoding: orAbsent(Schema.String)
})
export interface Content extends Schema.Schema.Type<typeof Content> {}

/**
 * A recorded response. `status` is 0 or -1 if the request got no response.
 */
export const Response = Schema.Struct({
  status: orDefault(Schema.Finite, 0),
  statusText: text,
  httpVersion: orDefault(Schema.String, "HTTP/1.1"),
  cookies: pairs,
  headers: pairs,
  content: orDefault(Content, {}),
  redirectURL: text,
  headersSize: size,
  bodySize: size
})
export interface Response extends Schema.Schema.Type<typeof Response> {}

const Timings = Schema.Struct({
  send: orDefault(Schema.Finite, 0),
  wait: orDefault(Schema.Finite, 0),
  receive: orDefault(Schema.Finite, 0)
})

/**
 * A recorded exchange. Decoding ignores unknown fields, and accepts entries without fields that the laws do not need.
 *
 * **Example** (Decoding a sparse entry)
 *
 * ```ts
 * import * as Har from "@effect-workos/contract-engine/Har"
 * import * as Schema from "effect/Schema"
 *
 * const { request, response } = Schema.decodeUnknownSync(Har.Entry)({
 *   request: { method: "GET", url: "http://127.0.0.1:4100/connections" },
 *   response: { status: 200, content: { mimeType: "application/json", text: "{}" } }
 * })
 *
 * const headers = (message: Har.Request | Har.Response): ReadonlyArray<Har.Pair> => message.headers
 * const bodies: readonly [Har.PostData | undefined, Har.Content] = [request.postData, response.content]
 * ```
 */
export const Entry = Schema.Struct({
  startedDateTime: orDefault(Schema.String, "1970-01-01T00:00:00.000Z"),
  /** Milliseconds. */
  time: orDefault(Schema.Finite, 0),
  request: Request,
  response: Response,
  cache: orDefault(Schema.Struct({}), {}),
  timings: orDefault(Timings, {})
})
export interface Entry extends Schema.Schema.Type<typeof Entry> {}

/**
 * A text is not an HTTP archive, or ends before the archive is complete.
 */
export class HarError extends Data.TaggedError("HarError")<{ readonly message: string }> {}

/**
 * An entry that is not a recorded exchange, with the reason.
 */
export class MalformedEntry extends Data.TaggedError("MalformedEntry")<{ readonly message: string }> {}

const decodeEntry = Schema.decodeUnknownResult(Entry)
const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const toEntry = (json: unknown): Result.Result<Entry, MalformedEntry> =>
  Result.mapError(decodeEntry(json), ({ issue }) => {
    const [{ message = "", path = [] } = {}] = issuesOf(issue).issues
    const location = path.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")
    return new MalformedEntry({ message: location === "" ? message : `${location}: ${message}` })
  })

/**
 * Reads the entries of an archive, one by one: memory does not grow with the size of the archive. Fails with a `HarError`
 * if the text is not an archive, or ends before the archive is complete.
 *
 * **Example** (Counting the requests of a file)
 *
 * ```ts
 * import * as Har from "@effect-workos/contract-engine/Har"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 * import * as Result from "effect/Result"
 * import * as Stream from "effect/Stream"
 *
 * const count = Effect.flatMap(FileSystem.FileSystem, (fs) =>
 *   Har.decode(fs.stream("traffic.har")).pipe(Stream.filter(Result.isSuccess), Stream.runCount)
 * ).pipe(Effect.catchTag("HarError", ({ message }: Har.HarError) => Effect.die(message)))
 *
 * const reason = ({ message }: Har.MalformedEntry): string => message
 * ```
 */
export const decode = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>
): Stream.Stream<Result.Result<Entry, MalformedEntry>, E | HarError, R> =>
  bytes.pipe(
    Stream.pipeThroughChannelOrFail(JsonArray.decode({ pointer: "/log/entries", maxElementSize: Infinity })),
    Stream.mapError((error) => (JsonArray.isJsonArrayError(error) ? toHarError(error) : error)),
    Stream.map(toEntry)
  )

const toHarError = ({ kind, offset }: JsonArray.JsonArrayError): HarError =>
  new HarError({
    message:
      kind === "Pointer"
        ? "it has no list log.entries, so it is not an HTTP archive (HAR)"
        : `it is not valid JSON${offset === undefined ? "" : `, from character ${offset} on`}`
  })

/**
 * The program that writes an archive.
 */
export interface Creator {
  readonly name: string
  readonly version: string
}

const encodeEntry = Schema.encodeEffect(Entry)

/**
 * Writes entries as an archive, with one entry per line.
 *
 * **Example** (Writing an archive)
 *
 * ```ts
 * import * as Har from "@effect-workos/contract-engine/Har"
 * import * as Stream from "effect/Stream"
 *
 * const creator: Har.Creator = { name: "acme", version: "1.0.0" }
 *
 * const text = (entries: ReadonlyArray<Har.Entry>) => Stream.mkString(Har.encode(Stream.fromIterable(entries), creator))
 * ```
 */
export const encode = <E, R>(entries: Stream.Stream<Entry, E, R>, creator: Creator): Stream.Stream<string, E, R> =>
  Stream.make(`{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[`).pipe(
    Stream.concat(
      Stream.mapAccumEffect(
        entries,
        () => "\n",
        (separator, entry) =>
          Effect.map(Effect.orDie(encodeEntry(entry)), (encoded) => [",\n", [`${separator}${JSON.stringify(encoded)}`]])
      )
    ),
    Stream.concat(Stream.make("\n]}}\n"))
  )
