// The failures of commands: one sentence on stderr that says what to do, and an exit code.
//
// Exit code 1: the operation failed. 2: wrong usage or missing configuration.
import type * as Client from "@effect-workos/client/Client"
import type { InvalidRow } from "@effect-workos/client/ClientError"
import type { TargetError } from "@effect-workos/contract/Contract"
import type { OutputError } from "@effect-workos/export/AtomicFile"
import type { CheckpointError } from "@effect-workos/export/Checkpoint"
import type * as Source from "@effect-workos/export/Source"
import type { events } from "@effect-workos/domain/events/Event"
import type { organizations } from "@effect-workos/domain/organizations/Organization"
import type { connections } from "@effect-workos/domain/sso/Connection"
import type * as CliError from "effect/cli/CliError"
import type * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RetryAfter } from "effect/http/Headers"
import type { ServeError } from "effect/http/HttpServerError"
import * as Predicate from "effect/Predicate"
import * as Runtime from "effect/Runtime"
import * as Output from "./Output.ts"

/**
 * A failure that has been reported on stderr.
 */
export class Failure extends Data.TaggedError("Failure")<{ readonly exitCode: 1 | 2 }> {
  override readonly [Runtime.errorExitCode] = this.exitCode
  override readonly [Runtime.errorReported] = false
}

/**
 * The errors of commands.
 */
export type CommandError =
  | Client.Error<typeof connections, "get" | "delete">
  | Client.StreamError<typeof connections, "list">
  | Client.Error<typeof organizations, "get">
  | Client.StreamError<typeof organizations, "list">
  | Client.StreamError<typeof events, "list">
  | InvalidRow
  | Source.CrawlError
  | OutputError
  | CheckpointError
  | ServeError
  | TargetError
  | Config.ConfigError

/**
 * Reports an error on stderr, and fails with its exit code.
 */
export const report = (error: CommandError | CliError.CliError | Failure): Effect.Effect<void, Failure, Stdio> => {
  if (error._tag === "Failure") return Effect.fail(error)
  // The presenter has reported wrong usage already. Without errors, the user asked for help.
  if (error._tag === "ShowHelp")
    return error.errors.length === 0 ? Effect.void : Effect.fail(new Failure({ exitCode: 2 }))
  const [exitCode, sentence] = explain(error)
  return Effect.andThen(Output.message(sentence), Effect.fail(new Failure({ exitCode })))
}

/**
 * Fails because of wrong usage, with one sentence that says what to do.
 */
export const refuse = (sentence: string): Effect.Effect<never, Failure, Stdio> =>
  Effect.andThen(Output.message(sentence), Effect.fail(new Failure({ exitCode: 2 })))

type Stdio = Effect.Services<ReturnType<typeof Output.message>>

const explain = (error: CommandError | Exclude<CliError.CliError, CliError.ShowHelp>): readonly [1 | 2, string] => {
  switch (error._tag) {
    case "ConfigError":
      return [2, explainConfig(error)]
    case "InvalidRequest":
      return [2, `${error.message}.`]
    case "Unauthorized":
      return [1, `The API key is not accepted${requestOf(error)}. Check WORKOS_API_KEY.`]
    case "Forbidden":
      return [1, `The API key may not do this${requestOf(error)}: ${error.message}`]
    case "NotFound":
      return [1, `${error.message.replace(/\.$/, "")}${requestOf(error)}.`]
    case "BadRequest":
    case "UnprocessableEntity":
      return [1, `The server refused the request${requestOf(error)}: ${error.message}`]
    case "TooManyRequests":
      return [1, `Too many requests${requestOf(error)}. Try again ${explainRetryAfter(error.retryAfter)}.`]
    case "TargetError":
      return [1, `${error.message}${error.reason === "unauthorized" ? " Check WORKOS_API_KEY." : ""}`]
    case "ServeError":
      return explainServe(error)
    default:
      return [1, error.message]
  }
}

const requestOf = ({ requestId }: { readonly requestId?: string }) =>
  requestId === undefined ? "" : ` (request ${requestId})`

const explainConfig = ({ message }: Config.ConfigError): string => {
  if (message.includes("without a user"))
    return "WORKOS_BASE_URL is more than an address: leave out the user, the password, ? and #."
  if (message.includes("WORKOS_ALLOW_INSECURE_HTTP=true"))
    return "WORKOS_BASE_URL starts with http://, so the key could be read on the way. Use https://, or set WORKOS_ALLOW_INSECURE_HTTP=true to send it all the same."
  if (message.includes("WORKOS_ALLOW_INSECURE_HTTP"))
    return "WORKOS_ALLOW_INSECURE_HTTP is neither true nor false. Set it to one of them, or unset it for false."
  if (message.includes("WORKOS_BASE_URL"))
    return "WORKOS_BASE_URL is no URL that starts with https:// or http://. Set it to the address of the API, or unset it for https://api.workos.com."
  const [proxy] = /HTTPS?_PROXY/.exec(message) ?? []
  if (proxy !== undefined)
    return `${proxy} is not the URL of a proxy. Set it to http://HOST:PORT, with user and password if need be, or unset it.`
  if (message.includes("WORKOS_RATE_LIMIT"))
    return "WORKOS_RATE_LIMIT is no number of requests a minute. Set it to one, or to unlimited, or unset it for 6000."
  if (message.includes("WORKOS_CLIENT_ID"))
    return "WORKOS_CLIENT_ID is no id that starts with client_. Set it to your application's, or unset it to leave signing in out."
  const [violation] = /a key without [a-z ]+/.exec(message) ?? []
  if (violation !== undefined) return `WORKOS_API_KEY is not ${violation}. Set it to the key alone.`
  return "Set WORKOS_API_KEY to your secret key, sk_…, from the WorkOS dashboard; `effect-workos emulate` needs none."
}

const explainRetryAfter = (retryAfter: RetryAfter | undefined): string => {
  if (retryAfter === undefined) return "in a minute"
  return retryAfter._tag === "Duration"
    ? `in ${Duration.format(retryAfter.duration)}`
    : `at ${DateTime.formatIso(retryAfter.dateTime)}`
}

const explainServe = ({ cause }: ServeError): readonly [1 | 2, string] => {
  const given = (name: string) => (Predicate.hasProperty(cause, name) ? String(cause[name]) : "")
  switch (given("code")) {
    case "EADDRINUSE":
      return [1, `Port ${given("port")} is in use. Choose another with --port, or 0 for a free one.`]
    case "EACCES":
      return [1, `Port ${given("port")} needs more rights than you have. Choose one above 1023 with --port.`]
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return [
        2,
        `${given("address")} is not an address of this machine. Set another --host, or 0.0.0.0 for all addresses.`
      ]
    case "EAFNOSUPPORT":
      return [2, `This machine does not support ${given("address")}. Set another --host, or 0.0.0.0 for all addresses.`]
    case "EAI_AGAIN":
    case "ENOTFOUND":
      return [2, `${given("hostname")} is not the name of a host. Set another --host, or 0.0.0.0 for all addresses.`]
  }
  return [1, `The server could not start: ${cause instanceof Error ? cause.message : String(cause)}`]
}
