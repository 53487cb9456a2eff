// Answers that are no successes: the error that WorkOS documents, and where it is none of those, what is wrong with it.
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Call from "./Call.ts"
import type { InvalidResponse, InvalidResponseReason, ServerError } from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"

/**
 * What the API's description makes of an answer.
 */
export type Declared<E, R> = (
  response: HttpClientResponse.HttpClientResponse
) => Effect.Effect<unknown, E | HttpClientError.HttpClientError | Schema.SchemaError, R>

/**
 * Fails with what an answer says that is no success.
 */
export const read = <E, R>(
  call: Call.State,
  server: Failure.Server,
  answer: Call.Answer,
  declared: Declared<E, R>
): Effect.Effect<never, E | ServerError | InvalidResponse, R> => {
  const invalid = (reason: InvalidResponseReason) => Effect.fail(Failure.invalidResponse(call, server, answer, reason))
  if (Call.hasServerFailed(answer)) return Effect.fail(Failure.serverError(call, server, answer))
  // Browsers do not tell where a redirect leads, and give it the status 0.
  if (answer.status < 400) return invalid({ _tag: "Redirect", ...locationOf(call, answer) })
  return Effect.matchCauseEffect(declared(unread(call, answer)), {
    onFailure: (cause): Effect.Effect<never, E | InvalidResponse> => {
      const found = Cause.findError(cause)
      if (Result.isFailure(found)) return Effect.failCause(found.failure)
      const error = found.success
      return HttpClientError.isHttpClientError(error) || Schema.isSchemaError(error)
        ? invalid(reasonOf(answer, cause))
        : Effect.fail(Call.withEffort(call, error))
    },
    onSuccess: () => invalid({ _tag: "UndocumentedStatus" })
  })
}

// The answer as if nobody had read it, and as the JSON that it should be: what counts is its text. Servers repeat what they
// were sent, and what they say is shown and logged: so no text of it holds a secret, or anything but one line.
const unread = (call: Call.State, answer: Call.Answer): HttpClientResponse.HttpClientResponse => {
  const { headers, response, status, text } = answer
  const body = text.length > longestError ? "" : shownBody(call, answer)
  const shown = new Headers({ ...headers, "content-type": "application/json" })
  if (Call.requestIdOf(call, answer) === undefined) shown.delete("x-request-id")
  return HttpClientResponse.fromWeb(response.request, new Response(body, { status, headers: shown }))
}

// Errors that WorkOS documents are a few lines; of one like this, looking at every text would take a while.
const longestError = 1024 * 1024

const shownBody = ({ secrets }: Call.State, answer: Call.Answer): string => {
  const json = Result.getOrUndefined(answer.json)
  // The status says it all, and what stands before WorkOS says it in its own way.
  if (answer.status === 429 && !hasMessage(json)) return JSON.stringify({ message: "Too many requests." })
  return json === undefined
    ? answer.text
    : (Json.withTexts(json, (text) => Excerpt.onOneLine(Excerpt.hide(text, secrets))) ?? "")
}

const hasMessage = (json: unknown): boolean =>
  Predicate.hasProperty(json, "message") && Predicate.isString(json.message)

// What is wrong with an error: that it is somebody else's page, that its status is not documented, or its body.
//
// What Effect derives fails for a body as for a status, and says in a second failure what was wrong with it.
const reasonOf = ({ json }: Call.Answer, { reasons }: Cause.Cause<unknown>): InvalidResponseReason => {
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
