// What an emulator can be told to do wrong: for which requests, how often, and what happens to them.
//
// A fault is a plain value, the same in a program, in JSON and, as `FaultText` writes it, on a command line.
import * as Issue from "@effect-workos/domain/Issue"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** The methods that a fault can be for. */
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const

const whole = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const like = (pattern: RegExp) => Schema.String.check(Schema.isPattern(pattern))

// Node sends no other values, and the emulator itself says how long its answers are.
const framing = ["content-length", "transfer-encoding", "trailer"]
const HeaderValue = like(/^[\t\x20-\x7e]*$/)
const HeaderName = Schema.String.check(
  Schema.makeFilter((name) => /^[a-z][a-z0-9-]*$/i.test(name) && !framing.includes(name.toLowerCase()), {
    arbitraryConstraint: { patterns: [{ source: "^[A-Za-z][A-Za-z0-9-]{0,9}$", flags: "" }] }
  })
)

const Status = whole(200, 599)
const Millis = whole(0, 600_000)
const Count = whole(0, 1_000_000_000)

const where = {
  method: Schema.optionalKey(Schema.Literals(methods)),
  path: Schema.optionalKey(like(/^\/[^\s?#*]*\*?$/)),
  skip: Schema.optionalKey(Count),
  times: Schema.optionalKey(Count)
}

const of = <const Kind extends string, const Fields extends Schema.Struct.Fields>(kind: Kind, fields: Fields) =>
  Schema.Struct({ ...where, kind: Schema.Literal(kind), ...fields })

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
 * For which requests:
 *
 * - `method`: of this method only.
 * - `path`: exactly this path; with `:id` for a segment that may be any; or, with `*` at the end, all that begin so.
 * - `skip`: so many of them pass first.
 * - `times`: for so many of them. For all, until it is removed, where nothing is said.
 *
 * What happens is said by `kind`:
 *
 * - `status`: this status, with `body` and `headers`, in place of an answer. The body is JSON, unless a header
 *   `content-type` says otherwise.
 * - `latency`: the answer comes `millis` later, and up to `jitter` more.
 * - `reset`: the connection is gone, `at` the `request`, which is not handled; the `answer`, which is due, the request
 *   handled; or half of its `body`.
 * - `truncated-json`, `invalid-json`, `wrong-shape`, `empty`, `html`: the status of the answer with such a body.
 * - `content-type`: the answer, with `value` for its content type.
 * - `endless`: 200 and a body that never ends.
 * - `trickle`: the answer, four bytes at a time, `millis` between them.
 * - `stale`: a connection that has answered before is closed when it is used again.
 * - `outage`: for `seconds` from when it is put in, connections are gone (`as` `reset`) or answers are `503`.
 * - `stall`: no answer, however long one waits.
 * - `redirect`: to `location`, with `status`, 302 where none is said.
 *
 * **Example** (The second deletion happens, and nobody hears of it)
 *
 * ```ts
 * import type { Fault } from "@effect-workos/emulator/Fault"
 *
 * const lost: Fault = { method: "DELETE", path: "/connections/:id", skip: 1, times: 1, kind: "reset", at: "response" }
 * ```
 */
export const Fault = Schema.Union(members)
export type Fault = typeof Fault.Type

/** What each kind of fault holds. */
export const fieldsOf: ReadonlyMap<string, ReadonlyArray<string>> = new Map(
  members.map(({ fields }) => [fields.kind.literal, Object.keys(fields)] as const)
)

/**
 * The kinds of faults.
 *
 * **Example** (What there is to choose from)
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
 * What a wrong fault should have been, as the end of a sentence that begins with "expected"; and for a name that there
 * is not, those that there are.
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
  [
    "headers",
    `names of letters, digits and hyphens with values in printable ASCII, and no ${framing.join(", ")} among them`
  ],
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
 * A fault from its JSON, or what it should have been. `nameOf` is how whoever wrote it calls a field.
 *
 * **Example** (What somebody wrote, and what they should have)
 *
 * ```ts
 * import * as Fault from "@effect-workos/emulator/Fault"
 * import * as Result from "effect/Result"
 *
 * const said = (invalid: Fault.Invalid): string => `expected ${Fault.explain(invalid)}`
 *
 * Result.mapError(Fault.parse({ kind: "latency", millis: "long" }), said)
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
 * Describes an invalid fault in one sentence, with the known names if a name was unknown.
 */
export const explain = ({ expected, unknown }: Invalid): string =>
  unknown === undefined ? expected : `${expected}: one of ${unknown.known.join(", ")}`
