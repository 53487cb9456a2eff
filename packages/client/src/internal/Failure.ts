// The errors of calls, as functions of the call and its attempts.
import { issuesOf } from "@effect-workos/domain/Issue"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as Attempt from "./Attempt.ts"
import { isSuccess, requestId } from "./BufferedResponse.ts"
import { type Call, effort, formatSeconds, origin, type Received } from "./Call.ts"
import {
  InvalidRequest,
  InvalidResponse,
  type InvalidResponseReason,
  InvalidRow,
  RequestTimeout,
  ServerError,
  TransportError
} from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"

type Attempts = ReadonlyArray<Attempt.Attempt>

export const invalidRequest = (operation: string, error: Schema.SchemaError): InvalidRequest =>
  new InvalidRequest({ operation, message: `${operation}: ${describe(error)}` })

// The cause is the platform's error and not Effect's error, because the latter contains the request with its headers.
export const transportError = (call: Call, attempts: Attempts, cause: unknown): TransportError => {
  redactCause(cause, call.secrets)
  const name = Excerpt.onOneLine(nameOf(cause))
  const error = new TransportError({
    operation: call.operation,
    message:
      `${call.operation}: no response from ${origin(call)} (${name})${times(call, attempts)}. ` +
      hints.find(([names]) => names.test(`${name} ${call.request.url}`))?.[1],
    ...effort(call, attempts)
  })
  return cause === undefined ? error : Object.assign(error, { cause })
}

// The message has the first hint whose pattern matches the name of the cause and the URL, separated by a space.
const hints: ReadonlyArray<readonly [names: RegExp, hint: string]> = [
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/,
    "The server's certificate is from an unknown authority: set NODE_EXTRA_CA_CERTS to a file with that authority."
  ],
  [/^\S*CERT/, "The server's certificate is not valid for this address and time."],
  [
    /^(EPROTO|\S+_WRONG_VERSION_NUMBER) /,
    "The server does not speak TLS on this port. Check whether the address starts with http://."
  ],
  [/^\S+_OVERFLOW /, "The response headers are too large: raise node --max-http-header-size."],
  [/^the proxy/, "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY."],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_\S+|Response does not match .*) http:/,
    "Check whether the address starts with https://."
  ],
  [/^/, "Check the address, and whether the server is running."]
]

// Platforms quote bytes that they could not parse (undici) and header values that they could not send (`fetch`).
const redactCause = (cause: unknown, secrets: ReadonlyArray<string>): void => {
  for (const error of Attempt.causeChain(cause)) {
    for (const name of Object.getOwnPropertyNames(error)) {
      const value: unknown = Reflect.get(error, name)
      if (!Predicate.isString(value)) continue
      const redacted = Excerpt.redact(value, secrets)
      if (redacted !== value) Reflect.set(error, name, redacted)
    }
  }
}

export const requestTimeout = (call: Call, attempts: Attempts, limit: "attempt" | "deadline"): RequestTimeout => {
  const previous = Attempt.sent(attempts).at(-2)
  const problem =
    Attempt.sent(attempts).length === 0
      ? "not sent before its deadline, because of the rate limit or the concurrency limit"
      : `no response from ${origin(call)} in time${times(call, attempts)}` +
        (previous === undefined ? "" : ` (previous attempt: ${Attempt.nameOf(previous.outcome)})`)
  return new RequestTimeout({
    operation: call.operation,
    message: `${call.operation}: ${problem}. Try again later, or set a longer timeout with RetryPolicy.`,
    ...effort(call, attempts),
    limit
  })
}

export const serverError = (received: Received): ServerError => {
  const { attempts, call, response } = received
  return settled(
    new ServerError({
      ...describeResponse(received),
      message: `${call.operation}: ${origin(call)} failed with ${response.status}${times(call, attempts)}. Try again later.`
    })
  )
}

export const invalidResponse = (received: Received, reason: InvalidResponseReason): InvalidResponse => {
  const { attempts, call, response } = received
  const [what, hint = ""] = describeReason(received, reason)
  return settled(
    new InvalidResponse({
      ...describeResponse(received),
      message:
        `${call.operation}: ${origin(call)} returned ${response.status} with ${what}` +
        `${times(call, attempts)}.${hint}`,
      reason
    })
  )
}

/**
 * Adds the attempts and the elapsed time to an error that WorkOS documents.
 */
export const withEffort = <E>({ attempts, call }: Received, error: E): E =>
  Predicate.isObject(error) ? settled(Object.assign(error, effort(call, attempts))) : error

/**
 * Reads the stack of an error. Until then, engines keep the functions of the stack and everything in their scopes, for
 * example the whole response.
 */
const settled = <E>(error: E): E => {
  if (error instanceof Error) Reflect.get(error, "stack")
  return error
}

/**
 * Returns the reason for JSON that does not match its schema.
 */
export const wrongShape = (error: Schema.SchemaError): WrongShape => {
  const [issue] = issuesOf(error)
  return { _tag: "WrongShape", path: issue?.path ?? "", expected: issue?.message ?? error.message }
}

type WrongShape = Extract<InvalidResponseReason, { readonly _tag: "WrongShape" }>

type RowPosition = NonNullable<WrongShape["row"]>

/**
 * Returns the reason for a page with a row that does not match its schema.
 */
export const inRow = ({ expected, path }: WrongShape, row: RowPosition): WrongShape => ({
  _tag: "WrongShape",
  path: ["data", row.position - 1, ...(path === "" ? [] : [path])].join("."),
  expected,
  row
})

export const invalidRow = (
  operation: string,
  { expected, path }: WrongShape,
  position: RowPosition,
  row: unknown
): InvalidRow =>
  new InvalidRow({
    operation,
    message: `${operation}: ${nameOfRow(position)} does not have the documented shape: ${at(path, expected)}`,
    ...position,
    path,
    expected,
    row
  })

const nameOfRow = ({ id, position }: RowPosition): string =>
  `row ${position} of the page${id === undefined ? "" : ` (${id})`}`

const describeReason = (
  { call: { secrets }, response: { headers } }: Received,
  reason: InvalidResponseReason
): readonly [what: string, hint?: string] => {
  const type = Excerpt.of(headers["content-type"] ?? "", secrets) || "no content type"
  switch (reason._tag) {
    case "EmptyBody":
      return ["an empty body, but WorkOS documents JSON"]
    case "Html":
      return [`${type}, which WorkOS does not document`, " Check the address, and whether a proxy intercepts requests."]
    case "NotJson":
      return [`${type} that is not JSON, which WorkOS does not document`]
    case "Truncated":
      return ["a truncated body"]
    case "UnsupportedEncoding":
      return [
        `the content encoding ${Excerpt.of(headers["content-encoding"] ?? "", secrets)}, which this platform can't decode`
      ]
    case "TooLarge":
      return [`more than ${reason.limit} bytes`, " Raise maxResponseBytes to accept it."]
    case "Redirect":
      return [
        `a redirect${reason.location === undefined ? "" : ` to ${reason.location}`}, which is not followed`,
        " Check the base URL."
      ]
    case "WrongShape":
      return [
        `JSON that WorkOS does not document: ${at(reason.path, reason.expected)}` +
          (reason.row === undefined ? "" : `, in ${nameOfRow(reason.row)}`)
      ]
    case "UndocumentedStatus":
      return [`${type}, which WorkOS does not document`]
  }
}

const describeResponse = ({ attempts, call, response }: Received) => {
  const id = requestId(response, call.secrets)
  const excerpt = call.containsPii && isSuccess(response) ? "" : Excerpt.of(response.text, call.secrets)
  return {
    operation: call.operation,
    status: response.status,
    ...(id === undefined ? {} : { requestId: id }),
    ...(excerpt === "" ? {} : { excerpt }),
    ...effort(call, attempts)
  }
}

// ", 3 times in 60 s" after more than one attempt.
const times = (call: Call, attempts: Attempts): string => {
  const { attempts: count, elapsed } = effort(call, attempts)
  return count < 2 ? "" : `, ${count} times in ${formatSeconds(elapsed)}`
}

// The first issue, after its path: "limit: Expected a value between 1 and 100".
const describe = (error: Schema.SchemaError): string => {
  const [issue] = issuesOf(error)
  return at(issue?.path ?? "", issue?.message ?? error.message)
}

const at = (path: string, message: string): string => (path === "" ? message : `${path}: ${message}`)

// The innermost code or message, or the message about a proxy.
const nameOf = (cause: unknown): string => {
  const chain = Attempt.causeChain(cause)
  const proxyError = chain.find((error) => error instanceof Error && error.name === "ProxyError")
  if (proxyError instanceof Error) return proxyError.message
  const error = chain.at(-1)
  if (error === undefined) return "the connection failed"
  if (Predicate.hasProperty(error, "code") && Predicate.isString(error.code)) return error.code
  return Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : String(error)
}
