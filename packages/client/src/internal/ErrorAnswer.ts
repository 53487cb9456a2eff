// Answers that are no successes: the error that WorkOS documents, and where it is none of those, what is wrong with it.
import * as Effect from "effect/Effect"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Call from "./Call.ts"
import type { InvalidResponse, InvalidResponseReason, ServerError } from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"

/**
 * What the API's description makes of answers, by their status.
 */
export type Declared<E> = ReadonlyMap<
  number,
  (answer: {
    readonly body: unknown
    readonly headers: Readonly<Record<string, string>>
  }) => Effect.Effect<E, Schema.SchemaError>
>

/**
 * The errors of an endpoint, those of its middlewares included. Each is described by its body and its headers.
 */
export const declaredBy = <E>(endpoint: HttpApiEndpoint.Top): Declared<E> =>
  new Map(
    Array.from(Map.groupBy(errorsOf(endpoint), statusOf), ([status = 500, schemas]) => [
      status,
      Schema.decodeUnknownEffect(Schema.make<Schema.Codec<E, unknown>>(Schema.Union(schemas).ast))
    ])
  )

const errorsOf = ({ error, middlewares }: HttpApiEndpoint.Top): ReadonlyArray<Schema.Top> => [
  ...error,
  ...Array.from(middlewares).flatMap((middleware) =>
    Predicate.hasProperty(middleware, "error") && Predicate.isIterable(middleware.error)
      ? Array.from(middleware.error).filter(Schema.isSchema)
      : []
  )
]

const statusOfAst = SchemaAST.resolveAt<number>("httpApiStatus")
const statusOf = ({ ast }: Schema.Top): number | undefined => statusOfAst(ast)

/**
 * Fails with what an answer says that is no success.
 */
export const read = <E>(
  call: Call.State,
  server: Failure.Server,
  answer: Call.Answer,
  declared: Declared<E>
): Effect.Effect<never, E | ServerError | InvalidResponse> => {
  const invalid = (reason: InvalidResponseReason) => Effect.fail(Failure.invalidResponse(call, server, answer, reason))
  if (Call.hasServerFailed(answer)) return Effect.fail(Failure.serverError(call, server, answer))
  // Browsers do not tell where a redirect leads, and give it the status 0.
  if (answer.status < 400) return invalid({ _tag: "Redirect", ...locationOf(call, answer) })
  const decode = declared.get(answer.status)
  const { json } = answer
  if (decode === undefined) {
    return invalid({ _tag: Result.isFailure(json) && json.failure === "Html" ? "Html" : "UndocumentedStatus" })
  }
  return Effect.matchEffect(decode({ body: shownBody(call, answer), headers: shownHeaders(call, answer) }), {
    onFailure: (error) => invalid(Result.isFailure(json) ? { _tag: json.failure } : wrongBody(error)),
    onSuccess: (error) => Effect.fail(Call.withEffort(call, error))
  })
}

// Errors that WorkOS documents are a few lines; of one like this, looking at every text would take a while.
const longestError = 1024 * 1024

// Servers repeat what they were sent, and what they say is shown and logged: so no text of it holds a secret, or anything
// but one line.
const shownBody = ({ secrets }: Call.State, { json, status, text }: Call.Answer): unknown => {
  if (text.length > longestError) return undefined
  const body = Result.getOrUndefined(json)
  // The status says it all, and what stands before WorkOS says it in its own way.
  if (status === 429 && !hasMessage(body)) return { message: "Too many requests." }
  return Json.withTexts(body, (text) => Excerpt.onOneLine(Excerpt.hide(text, secrets)))
}

const hasMessage = (json: unknown): boolean =>
  Predicate.hasProperty(json, "message") && Predicate.isString(json.message)

// The headers are all optional texts: what is wrong is in the body, and told without its name.
const wrongBody = (error: Schema.SchemaError): InvalidResponseReason => {
  const reason = Failure.wrongShape(error)
  return { ...reason, path: reason.path.replace(/^body[.]?/, "") }
}

const shownHeaders = (call: Call.State, answer: Call.Answer): Readonly<Record<string, string>> => {
  const { "x-request-id": _, ...rest } = answer.headers
  const requestId = Call.requestIdOf(call, answer)
  return requestId === undefined ? rest : { ...rest, "x-request-id": requestId }
}

// Where a redirect leads, and no more of it: what comes after the host may be anybody's secret.
const locationOf = ({ secrets }: Call.State, { headers, response }: Call.Answer): { readonly location?: string } => {
  const { location } = headers
  if (location === undefined || !URL.canParse(location, response.request.url)) return {}
  const { origin } = new URL(location, response.request.url)
  return secrets.some((secret) => origin.includes(secret.toLowerCase())) ? {} : { location: origin }
}
