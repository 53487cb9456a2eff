/**
 * Faults that an emulator can inject, as plain data: which requests they match, how often, and their effect.
 *
 * @module
 */
import * as Issue from "@effect-workos/domain/Issue"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** The HTTP methods that a fault can match. */
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const

const whole = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const like = (pattern: RegExp) => Schema.String.check(Schema.isPattern(pattern))

// Headers that describe the length of a body. The emulator sets these headers itself.
const framing = ["content-length", "transfer-encoding", "trailer"]
// Node does not send header values with other characters.
const HeaderValue = like(/^[\t\x20-\x7e]*$/)
const HeaderName = Schema.String.check(
  Schema.makeFilter((name) => /^[a-z][a-z0-9-]*$/i.test(name) && !framing.includes(name.toLowerCase()), {
    arbitraryConstraint: { patterns: [{ source: "^[A-Za-z][A-Za-z0-9-]{0,9}$", flags: "" }] }
  })
)

const Status = whole(200, 599)
const Millis = whole(0, 600_000)
const Count = whole(0, 1_000_000_000)

const requestFields = {
  method: Schema.optionalKey(Schema.Literals(methods)),
  path: Schema.optionalKey(like(/^\/[^\s?#*]*\*?$/)),
  skip: Schema.optionalKey(Count),
  times: Schema.optionalKey(Count)
}

const of = <const Kind extends string, const Fields extends Schema.Struct.Fields>(kind: Kind, fields: Fields) =>
  Schema.Struct({ ...requestFields, kind: Schema.Literal(kind), ...fields })

const members = [
  of("status", {
    status: Status,
    body: Schema.optionalKey(Schema.String),
    headers: Schema.optionalKey(Schema.Record(HeaderName, HeaderValue))
  }),
  of("latency", { millis: Millis, jitter: Schema.optionalKey(Millis) }),
  of("reset", { at: Schema.Literals(["request", "response", "body"]) }),
  of("truncated-json", {}),
  of("invalid-json", {}),
  of("wrong-shape", {}),
  of("empty", {}),
  of("html", {}),
  of("content-type", { value: HeaderValue.check(Schema.isNonEmpty()) }),
  of("endless", {}),
  of("trickle", { millis: Millis }),
  of("stale", {}),
  of("outage", {
    seconds: Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(86_400)),
    as: Schema.optionalKey(Schema.Literals(["reset", "503"]))
  }),
  of("stall", {}),
  of("redirect", {
    location: HeaderValue.check(Schema.isNonEmpty()),
    status: Schema.optionalKey(whole(300, 399))
  })
] as const

/**
 * A fault to inject.
 *
 * **Details**
 *
 * These fields select the requests:
 *
 * - `method`: requests with this method. Defaults to all methods.
 * - `path`: requests with this path. A segment such as `:id` matches any segment. With a `*` at the end, the fault matches
 *   all paths that begin with the text before the `*`. Defaults to all paths.
 * - `skip`: the fault skips this number of matching requests first. Defaults to 0.
 * - `times`: the number of requests that the fault is applied to. Defaults to all, until the fault is removed.
 *
 * The field `kind` selects the effect:
 *
 * - `status`: responds with this status, `body` and `headers`; the request is not applied. The content type is JSON unless
 *   `headers` has another `content-type`.
 * - `latency`: delays the response by `millis`, plus a random delay of up to `jitter` milliseconds.
 * - `reset`: resets the connection. With `at: "request"`, the request is not applied. With `at: "response"`, the request is
 *   applied, and no response is sent. With `at: "body"`, the response ends after half of the body.
 * - `truncated-json`, `invalid-json`, `wrong-shape`, `empty`, `html`: keeps the status of the response, and replaces the body
 *   with its first half, invalid JSON, undocumented JSON, no body, or the HTML page of a proxy, in this order.
 * - `content-type`: replaces the content type of the response with `value`.
 * - `endless`: responds with 200 and an infinite body.
 * - `trickle`: sends the body four bytes at a time, with `millis` in between.
 * - `stale`: closes a kept-alive connection when it is reused.
 * - `outage`: for `seconds` after the fault was added, resets connections (`as: "reset"`, the default) or responds with 503
 *   (`as: "503"`).
 * - `stall`: never responds.
 * - `redirect`: redirects to `location` with `status`, which defaults to 302.
 *
 * **Example** (Losing the response to the second deletion)
 *
 * ```ts
 * import type { Fault } from "@effect-workos/emulator/Fault"
 *
 * const lost: Fault = { method: "DELETE", path: "/connections/:id", skip: 1, times: 1, kind: "reset", at: "response" }
 * ```
 */
export const Fault = Schema.Union(members)
export type Fault = typeof Fault.Type

/** The names of the fields of each kind of fault. */
export const fieldsOf: ReadonlyMap<string, ReadonlyArray<string>> = new Map(
  members.map(({ fields }) => [fields.kind.literal, Object.keys(fields)] as const)
)

/**
 * The kinds of faults.
 *
 * **Example** (Kinds, methods and fields)
 *
 * ```ts
 * import * as Fault from "@effect-workos/emulator/Fault"
 *
 * Fault.kinds // => ["status", "latency", "reset", …]
 * Fault.methods // => ["GET", "POST", …]
 * Fault.fieldsOf.get("latency") // => ["method", "path", "skip", "times", "kind", "millis", "jitter"]
 * ```
 */
export const kinds: ReadonlyArray<string> = [...fieldsOf.keys()]

// -----------------------------------------------------------------------------
// Parsing
// -----------------------------------------------------------------------------

/**
 * The reason why a fault is invalid. `expected` is the end of a sentence that begins with "expected". `unknown` is an unknown
 * name, with the known names.
 */
export interface Invalid {
  readonly expected: string
  readonly unknown?: { readonly name: string; readonly known: ReadonlyArray<string> }
}

const millis = "a whole number of milliseconds, at most 600000"
const count = "a whole number, 0 or more"

const expectations: ReadonlyMap<string, string> = new Map([
  ["method", `one of ${methods.join(", ")}`],
  ["path", "a path such as /connections, /connections/:id or /connections*"],
  ["skip", count],
  ["times", count],
  ["status", "a whole number from 200 to 599"],
  ["body", "text"],
  ["headers", `names of letters, digits and hyphens (but not ${framing.join(", ")}) with values in printable ASCII`],
  ["millis", millis],
  ["jitter", millis],
  ["at", "one of request, response, body"],
  ["value", "a content type such as text/plain"],
  ["seconds", "a number of seconds above 0, at most 86400"],
  ["as", "one of reset, 503"],
  ["location", "a URL"]
])

const decode = Schema.decodeUnknownResult(Fault)

/**
 * Decodes a fault from JSON. Fails with `Invalid`, which describes the first invalid field. `nameOf` returns the name of a
 * field for this description.
 *
 * **Example** (Reporting an invalid fault)
 *
 * ```ts
 * import * as Fault from "@effect-workos/emulator/Fault"
 * import * as Result from "effect/Result"
 *
 * const describe = (invalid: Fault.Invalid): string => `expected ${Fault.explain(invalid)}`
 *
 * Result.mapError(Fault.parse({ kind: "latency", millis: "long" }), describe)
 * // => Result.fail("expected millis to be a whole number of milliseconds, at most 600000")
 * ```
 */
export const parse = (
  json: unknown,
  nameOf: (field: string, kind: string) => string = (field) => field
): Result.Result<Fault, Invalid> =>
  Result.mapError(decode(json, { onExcessProperty: "error" }), (error): Invalid => {
    const kind = Predicate.hasProperty(json, "kind") ? json.kind : undefined
    const fields = Predicate.isString(kind) ? fieldsOf.get(kind) : undefined
    if (!Predicate.isString(kind) || fields === undefined) return unknownKind(kind)
    const field = Issue.issuesOf(error)[0]?.path.split(".")[0] ?? ""
    if (!fields.includes(field)) {
      const known = fields.filter((name) => name !== "kind").map((name) => nameOf(name, kind))
      return { expected: `an option of ${kind} instead of ${field}`, unknown: { name: field, known } }
    }
    const expectation = kind === "redirect" && field === "status" ? "a whole number from 300 to 399" : undefined
    return { expected: `${nameOf(field, kind)} to be ${expectation ?? expectations.get(field)}` }
  })

const unknownKind = (kind: unknown): Invalid => ({
  expected: Predicate.isString(kind) ? `a kind of fault instead of ${kind}` : "a kind of fault",
  unknown: { name: String(kind ?? ""), known: kinds }
})

/**
 * Returns the text that follows the word "expected" in an error message. If a name is unknown, the text has the known names.
 */
export const explain = ({ expected, unknown }: Invalid): string =>
  unknown === undefined ? expected : `${expected}: one of ${unknown.known.join(", ")}`
