/**
 * Requests as data without secrets, so that the requests of a report can be sent again.
 *
 * @module
 */
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isRow } from "./ApiConventions.ts"
import type { Access, Request } from "./Exchange.ts"
import * as Target from "./Target.ts"

/**
 * A request of a counterexample.
 *
 * **Details**
 *
 * - `path` is percent-encoded; `query` is not.
 * - `access`: the key of the target (`granted`), none, or other credentials, of which only the shown form is recorded.
 * - `isRedacted`: true if a secret was removed. Such a request cannot be sent again.
 */
export const RecordedRequest = Schema.Struct({
  operation: Schema.String,
  method: Schema.String,
  path: Schema.String,
  query: Schema.Array(Schema.Tuple([Schema.String, Schema.String])),
  headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  body: Schema.optionalKey(
    Schema.Union([
      Schema.Struct({ json: Schema.Json }),
      Schema.Struct({ form: Schema.Record(Schema.String, Schema.String) }),
      Schema.Struct({ text: Schema.String, type: Schema.optionalKey(Schema.String) })
    ])
  ),
  access: Schema.Union([Schema.Literals(["granted", "none"]), Schema.Struct({ shown: Schema.String })]),
  isRedacted: Schema.optionalKey(Schema.Literal(true))
})
export interface RecordedRequest extends Schema.Schema.Type<typeof RecordedRequest> {}

const RequestJson = Schema.fromJsonString(RecordedRequest)

/**
 * Records a request. `redact` removes secrets from a text.
 *
 * **Example** (Recording a counterexample)
 *
 * ```ts
 * import type { Request } from "@effect-workos/contract-engine/Exchange"
 * import * as RecordedRequest from "@effect-workos/contract-engine/RecordedRequest"
 *
 * const record = (request: Request, secret: string): RecordedRequest.RecordedRequest =>
 *   RecordedRequest.record(request, (text) => text.replaceAll(secret, "…"))
 * ```
 */
export const record = (request: Request, redact: (text: string) => string): RecordedRequest => {
  const { access, body, headers, method, operation, path, query } = request
  const toJson = (redact: (text: string) => string) =>
    JSON.stringify({
      operation,
      method,
      path: redact(path),
      query: query.map(([name, value]) => [name, redact(value)]),
      ...(headers === undefined ? {} : { headers: withTexts(headers, redact) }),
      ...(body === undefined ? {} : { body: withTexts(body, redact) }),
      access: typeof access === "string" ? access : { shown: access.shown }
    })
  const clean = toJson(redact)
  const recorded = Schema.decodeSync(RequestJson)(clean)
  return clean === toJson(identity) ? recorded : { ...recorded, isRedacted: true }
}

// Applies a function to the texts in a value. Names of fields are kept, since a short secret may occur in them.
const withTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value)
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change))
  return isRow(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTexts(inner, change)]))
    : value
}

/**
 * Returns the request to send again, or none if its secrets were removed. Credentials other than the key of the target
 * are made from the key.
 *
 * **Example** (Sending a recorded request again)
 *
 * ```ts
 * import * as RecordedRequest from "@effect-workos/contract-engine/RecordedRequest"
 * import { Session } from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 * import * as Option from "effect/Option"
 *
 * const sendAgain = (recorded: RecordedRequest.RecordedRequest) =>
 *   Effect.flatMap(Session, ({ credentials, send }) =>
 *     Effect.transposeOption(Option.map(RecordedRequest.restore(recorded, credentials), send))
 *   )
 * ```
 */
export const restore = (
  { access, isRedacted, ...request }: RecordedRequest,
  credentials: Target.Credentials | undefined
): Option.Option<Request> =>
  isRedacted === true ? Option.none() : Option.map(accessOf(access, credentials), (access) => ({ ...request, access }))

const accessOf = (
  access: RecordedRequest["access"],
  credentials: Target.Credentials | undefined
): Option.Option<Access> => {
  if (typeof access === "string") return Option.some(access)
  if (credentials === undefined) return Option.none()
  const others = [...Target.wrongKeys(credentials), ...Target.malformedHeaders(credentials)]
  return Option.fromUndefinedOr(others.find(({ shown }) => shown === access.shown))
}
