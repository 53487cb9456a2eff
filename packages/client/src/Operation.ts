// One operation, from checked input to typed result: what the operations of all resources share.
//
// Requests and documented errors come from the client that Effect derives from the API's description, and `Transport`
// brings them to their answer. A success is read here instead, because callers want it in two forms, typed and as it came,
// and because a page of a hundred rows is worth the direct way.
import * as Wire from "@effect-workos/domain/Wire"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Call from "./Call.ts"
import type { ClientError, InvalidResponseReason } from "./ClientError.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"
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
 * Sends a request and reads its answer: `body` reads a 2xx, and `declared` is what the API's description makes of any
 * other status. All of it is one span, named after the operation. Where `isGone` says so, a 404 is a success if an earlier
 * attempt may have brought it about.
 */
export const run =
  <A, Declared, E, R>(options: {
    readonly operation: string
    readonly server: Failure.Server
    readonly body: Body<A>
    readonly declared: (
      response: HttpClientResponse.HttpClientResponse
    ) => Effect.Effect<Declared, E | HttpClientError.HttpClientError | Schema.SchemaError, R>
    readonly isGone?: boolean
  }) =>
  <E2, R2>(
    request: Effect.Effect<
      HttpClientResponse.HttpClientResponse,
      E2 | Unanswered | HttpClientError.HttpClientError | Schema.SchemaError,
      R2
    >,
    attributes: Record<string, unknown> = {},
    secrets: ReadonlyArray<string> = []
  ): Effect.Effect<A, E | E2 | ClientError, R | Exclude<R2, Call.Call>> => {
    const { body, declared, isGone = false, operation, server } = options
    const known = secrets.length === 0 ? server.secrets : [...server.secrets, ...secrets]

    const read = (call: Call.State, answer: Call.Answer): Effect.Effect<A, E | ClientError, R> => {
      const { status } = answer
      const invalid = (reason: InvalidResponseReason) => Failure.invalidResponse(call, server, answer, reason)
      if (status >= 200 && status < 300) return Effect.mapError(body(answer), invalid)
      if (status >= 500 || status === 408) return Effect.fail(Failure.serverError(call, server, answer))
      // Browsers do not tell where a redirect leads, and give it the status 0.
      if (status < 400) return Effect.fail(invalid({ _tag: "Redirect", ...locationOf(call, answer) }))
      if (status === 404 && isGone && call.mayBeDone) return Effect.mapError(body(answer), invalid)
      return Effect.matchCauseEffect(declared(unread(call, answer)), {
        onFailure: (cause): Effect.Effect<never, E | ClientError> => {
          const found = Cause.findError(cause)
          if (Result.isFailure(found)) return Effect.failCause(found.failure)
          const error = found.success
          return HttpClientError.isHttpClientError(error) || Schema.isSchemaError(error)
            ? Effect.fail(invalid(reasonOf(answer, cause)))
            : Effect.fail(Call.withEffort(call, error))
        },
        onSuccess: () => Effect.fail(invalid({ _tag: "UndocumentedStatus" }))
      })
    }

    const unanswered = (
      call: Call.State,
      error: E2 | Unanswered | HttpClientError.HttpClientError | Schema.SchemaError
    ): E2 | ClientError => {
      if (Schema.isSchemaError(error)) return Failure.invalidRequest(operation, error)
      return HttpClientError.isHttpClientError(error) ? Failure.transportError(call, server, error.cause) : error
    }

    return Effect.clockWith((clock) =>
      Effect.useSpan(operation, { kind: "client", attributes }, (span) => {
        const call = Call.begin(operation, span, clock, known)
        return request.pipe(
          Effect.provideService(Call.Call, call),
          Effect.matchEffect({
            onFailure: (error): Effect.Effect<A, E | E2 | ClientError, R> => Effect.fail(unanswered(call, error)),
            onSuccess: () => (call.answer === undefined ? Effect.die(operation) : read(call, call.answer))
          }),
          Effect.onExit((exit) => Telemetry.finished(call, exit)),
          Effect.withParentSpan(span, { captureStackTrace: false })
        )
      })
    )
  }

// The answer as if nobody had read it, and as the JSON that it should be: what counts is its text. Servers repeat what they
// were sent, and what they say is shown and logged: so no text of it holds a secret, or anything but one line.
const unread = (
  call: Call.State,
  { headers, response, status, text }: Call.Answer
): HttpClientResponse.HttpClientResponse => {
  const body = text.length > longestError ? "" : shownBody(call, text, headers["content-type"])
  const shown = new Headers({ ...headers, "content-type": "application/json" })
  if (Call.requestIdOf(call, { headers }) === undefined) shown.delete("x-request-id")
  return HttpClientResponse.fromWeb(response.request, new Response(body, { status, headers: shown }))
}

// Errors that WorkOS documents are a few lines; of one like this, looking at every text would take a while.
const longestError = 1024 * 1024

const shownBody = ({ secrets }: Call.State, text: string, contentType: string | undefined): string => {
  const json = Json.parse(text, contentType)
  return Result.isFailure(json)
    ? text
    : (Json.withTexts(json.success, (text) => Excerpt.onOneLine(Excerpt.hide(text, secrets))) ?? "")
}

// What is wrong with an error: that it is somebody else's page, that its status is not documented, or its body.
//
// What Effect derives fails for a body as for a status, and says in a second failure what was wrong with it.
const reasonOf = ({ headers, text }: Call.Answer, { reasons }: Cause.Cause<unknown>): InvalidResponseReason => {
  const json = Json.parse(text, headers["content-type"])
  if (Result.isFailure(json) && json.failure === "Html") return { _tag: "Html" }
  const failures = reasons.filter(Cause.isFailReason).map(({ error }) => error)
  if (failures.length < 2) return { _tag: "UndocumentedStatus" }
  if (Result.isFailure(json)) return { _tag: json.failure }
  const wrong = failures.find(Schema.isSchemaError)
  return wrong === undefined ? { _tag: "UndocumentedStatus" } : Failure.wrongShape(wrong)
}

// Where a redirect leads, and no more of it: what comes after the host may be anybody's secret.
const locationOf = ({ secrets }: Call.State, { headers, response }: Call.Answer): { readonly location?: string } => {
  const { location } = headers
  if (location === undefined || !URL.canParse(location, response.request.url)) return {}
  const { origin } = new URL(location, response.request.url)
  return secrets.some((secret) => origin.includes(secret.toLowerCase())) ? {} : { location: origin }
}
