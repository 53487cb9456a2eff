// One operation, from checked input to typed result: what the operations of all resources share.
//
// Requests and documented errors are as the API's description has them, and `Transport` brings a request to its answer. A
// success is read here, because callers want it in two forms, typed and as it came, and because a page of a hundred rows is
// worth the direct way.
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Call from "./Call.ts"
import type { ClientError, InvalidRequest, InvalidResponseReason } from "../ClientError.ts"
import * as ErrorAnswer from "./ErrorAnswer.ts"
import * as Failure from "./Failure.ts"
import * as Telemetry from "./Telemetry.ts"
import type { Unanswered } from "./Transport.ts"

/**
 * How a success is read.
 */
export type Body<A> = (answer: Call.Answer) => Effect.Effect<A, InvalidResponseReason>

/**
 * A success without a body, or with one that says nothing. A page is somebody else's, who has done nothing.
 */
export const nothing: Body<void> = ({ text }) =>
  text.trimStart().startsWith("<") ? Effect.fail({ _tag: "Html" }) : Effect.void

/**
 * A success in JSON, as programs see it.
 */
export const decoded = <A>(schema: Schema.ConstraintDecoder<A>): Body<A> => {
  const decode = Schema.decodeUnknownEffect(schema)
  return json((value) => Effect.mapError(decode(value), Failure.wrongShape))
}

/**
 * A success in JSON, as it came: valid, and with every field that the server sent.
 */
export const encoded = <S extends Schema.Constraint>(schema: S): Body<S["Encoded"]> => {
  const isEncoded = Wire.isEncoded(schema)
  const explain = Schema.decodeUnknownEffect(Schema.toEncoded(schema))
  return json((value) =>
    isEncoded(value) ? Effect.succeed(value) : Effect.mapError(explain(value), Failure.wrongShape)
  )
}

const json =
  <A>(read: (value: unknown) => Effect.Effect<A, InvalidResponseReason>): Body<A> =>
  ({ json }) =>
    Result.isSuccess(json) ? read(json.success) : Effect.fail({ _tag: json.failure })

/**
 * What one call has for itself: attributes of its span, secrets that nothing may show, what must hold before anything is
 * sent, and a token in place of the API key.
 */
export interface Particulars {
  readonly attributes?: Record<string, unknown>
  readonly secrets?: ReadonlyArray<string>
  readonly requires?: Effect.Effect<void, InvalidRequest>
  readonly token?: Redacted.Redacted
}

/**
 * The particulars of calls that are about one object: its id, under a name of its own. What is no id may be anything, a
 * secret included, and is written down nowhere.
 */
export const about = (name: string, id: Schema.Schema<string>): ((value: string) => Particulars) => {
  const isId = Schema.is(id)
  return (value) => (isId(value) ? { attributes: { [name]: value } } : {})
}

/**
 * Sends a request and reads its answer: `body` reads a 2xx, and `declared` is what the API's description makes of any
 * other status. All of it is one span, named after the operation. Where `isGone` says so, a 404 is a success if an earlier
 * attempt may have brought it about. `traits` are those of its calls.
 */
export const run =
  <A, E>(options: {
    readonly operation: string
    readonly server: Failure.Server
    readonly body: Body<A>
    readonly declared: ErrorAnswer.Declared<E>
    readonly isGone?: boolean
    readonly traits?: Call.Traits
  }) =>
  (
    request: Effect.Effect<unknown, Unanswered | InvalidRequest | Schema.SchemaError, Call.Call>,
    { attributes = {}, secrets = [] }: Particulars = {}
  ): Effect.Effect<A, E | ClientError> => {
    const { body, declared, isGone = false, operation, server, traits } = options
    const known = secrets.length === 0 ? server.secrets : [...server.secrets, ...secrets]

    const read = (call: Call.State, answer: Call.Answer): Effect.Effect<A, E | ClientError> => {
      const isDone = answer.status === 404 && isGone && call.mayBeDone
      return isDone || Call.hasSucceeded(answer)
        ? Effect.mapError(body(answer), (reason) => Failure.invalidResponse(call, server, answer, reason))
        : ErrorAnswer.read(call, server, answer, declared)
    }

    return Effect.clockWith((clock) =>
      Effect.useSpan(operation, { kind: "client", attributes }, (span) => {
        const call = Call.begin(operation, span, clock, known, traits)
        return request.pipe(
          Effect.provideService(Call.Call, call),
          Effect.matchEffect({
            onFailure: (error): Effect.Effect<A, E | ClientError> =>
              Effect.fail(Schema.isSchemaError(error) ? Failure.invalidRequest(operation, error) : error),
            onSuccess: () => (call.answer === undefined ? Effect.die(operation) : read(call, call.answer))
          }),
          Effect.onExit((exit) => Telemetry.finished(call, exit)),
          Effect.withParentSpan(span, { captureStackTrace: false })
        )
      })
    )
  }
