// Reports the failures of commands: a message on stderr that says what to do, and an exit code.
//
// Exit code 1: the operation failed. 2: wrong usage or missing configuration.
import type * as Client from "@effect-workos/client/Client"
import type { InvalidRow } from "@effect-workos/client/ClientError"
import type { TargetError } from "@effect-workos/contract-engine/TargetError"
import type { SelectionError } from "@effect-workos/contract-engine/Selection"
import type { OutputError } from "@effect-workos/export/AtomicFile"
import type { CheckpointError } from "@effect-workos/export/Checkpoint"
import type * as Source from "@effect-workos/export/Source"
import type { events } from "@effect-workos/domain/events/Event"
import type { organizations } from "@effect-workos/domain/organizations/Organization"
import type { connections } from "@effect-workos/domain/sso/Connection"
import type * as CliError from "effect/cli/CliError"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RetryAfter } from "effect/http/Headers"
import type { ServeError } from "effect/http/HttpServerError"
import * as Predicate from "effect/Predicate"
import * as Ref from "effect/Ref"
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
 * The exit code after an interruption, 130. A command that is ended by an interruption normally, such as a server with a
 * result, sets another code.
 */
export const InterruptionCode = Context.Reference<Ref.Ref<number>>("effect-workos/Failure/InterruptionCode", {
  defaultValue: () => Ref.makeUnsafe(130)
})

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
  | SelectionError
  | Config.ConfigError

/**
 * Reports an error on stderr, and fails with its exit code.
 */
export const report = (error: CommandError | CliError.CliError | Failure): Effect.Effect<void, Failure, Stdio> => {
  if (error._tag === "Failure") return Effect.fail(error)
  // The presenter has already reported wrong usage. Without errors, the command line contains --help.
  if (error._tag === "ShowHelp")
    return error.errors.length === 0 ? Effect.void : Effect.fail(new Failure({ exitCode: 2 }))
  const [exitCode, sentence] = explain(error)
  return Effect.andThen(Output.message(sentence), Effect.fail(new Failure({ exitCode })))
}

/**
 * Fails because of wrong usage, with a message that says what to do.
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
      return [1, `The server does not accept the API key${requestOf(error)}. Check WORKOS_API_KEY.`]
    case "Forbidden":
      return [1, `The API key has no permission for this request${requestOf(error)}: ${error.message}`]
    case "NotFound":
      return [1, `${error.message.replace(/\.$/, "")}${requestOf(error)}.`]
    case "BadRequest":
    case "UnprocessableEntity":
      return [1, `The server refused the request${requestOf(error)}: ${error.message}`]
    case "TooManyRequests":
      return [1, `Too many requests${requestOf(error)}. Try again ${explainRetryAfter(error.retryAfter)}.`]
    case "SelectionError":
      return [2, error.message]
    case "TargetError":
      return [1, error.message]
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
    return "WORKOS_BASE_URL must not contain a user, a password, a query (?) or a fragment (#). Remove them."
  if (message.includes("WORKOS_ALLOW_INSECURE_HTTP=true"))
    return "WORKOS_BASE_URL starts with http://, so the API key would be sent unencrypted. Use https://, or set WORKOS_ALLOW_INSECURE_HTTP=true to allow this."
  if (message.includes("WORKOS_ALLOW_INSECURE_HTTP"))
    return "WORKOS_ALLOW_INSECURE_HTTP must be true or false. Correct the value, or unset the variable to use false."
  if (message.includes("WORKOS_BASE_URL"))
    return "WORKOS_BASE_URL must be a URL that starts with https:// or http://. Correct the value, or unset the variable to use https://api.workos.com."
  const [proxy] = /HTTPS?_PROXY/.exec(message) ?? []
  if (proxy !== undefined)
    return `${proxy} must be the URL of a proxy. Set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or unset it.`
  if (message.includes("WORKOS_RATE_LIMIT"))
    return "WORKOS_RATE_LIMIT must be a number of requests per minute, or unlimited. Correct the value, or unset the variable to use 6000."
  if (message.includes("WORKOS_CLIENT_ID"))
    return "WORKOS_CLIENT_ID must be an id that starts with client_. Set it to the client id of your application, or unset it to skip the laws about sign-in."
  const [violation] = /a key without [a-z ]+/.exec(message) ?? []
  if (violation !== undefined) return `WORKOS_API_KEY must be ${violation}. Set it to the key alone.`
  return "WORKOS_API_KEY is missing. Set it to your secret key (sk_…) from the WorkOS dashboard, or use `effect-workos emulate`, which needs no key."
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
      return [1, `Port ${given("port")} is in use. Set another --port, or --port 0 for a free port.`]
    case "EACCES":
      return [1, `You have no permission to listen on port ${given("port")}. Set a --port above 1023.`]
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return [
        2,
        `${given("address")} is not an address of this machine. Set another --host, or --host 0.0.0.0 for all addresses.`
      ]
    case "EAFNOSUPPORT":
      return [
        2,
        `This machine does not support the address ${given("address")}. Set another --host, or --host 0.0.0.0 for all addresses.`
      ]
    case "EAI_AGAIN":
    case "ENOTFOUND":
      return [
        2,
        `The host name ${given("hostname")} cannot be resolved. Set another --host, or --host 0.0.0.0 for all addresses.`
      ]
  }
  return [1, `The server could not start: ${cause instanceof Error ? cause.message : String(cause)}`]
}
