// Connection errors: which of them mean that a server is unreachable.
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as Predicate from "effect/Predicate"

const network = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"])

// The names that Node gives to problems of certificates.
const certificate =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|ERROR_IN_CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/

// The server does not speak TLS, speaks no common version, or ended the handshake.
const handshake = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)|before secure TLS connection was established/

const unknownAuthority = /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/

/**
 * Returns whether the name of a connection error means that no request can reach the server.
 */
export const isUnreachable = (name: string): boolean =>
  network.has(name) || certificate.test(name) || handshake.test(name) || name.startsWith("the proxy ")

/**
 * Returns what to do about a connection error, as the end of a sentence.
 */
export const hintOf = (name: string): string => {
  if (unknownAuthority.test(name))
    return "; its certificate is from an unknown authority: set NODE_EXTRA_CA_CERTS to a file with the authority's certificate"
  return certificate.test(name) ? "; its certificate is not valid for this address and time" : ""
}

/**
 * Returns the name of a connection error: the message of a proxy error, otherwise the code or the message of the innermost
 * cause.
 */
export const nameOf = ({ reason }: HttpClientError.HttpClientError): string =>
  // On some platforms only the cause of the error states the failure.
  nameOfCause("cause" in reason ? reason.cause : undefined)

const nameOfCause = (error: unknown): string => {
  if (!Predicate.isObject(error)) return "unknown reason"
  if (error instanceof Error && error.name === "ProxyError") return error.message
  // The error of `fetch` itself says only "fetch failed".
  if (Predicate.hasProperty(error, "cause") && Predicate.isObject(error.cause)) return nameOfCause(error.cause)
  const message =
    Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : undefined
  if (message !== undefined && handshake.test(message)) return message
  if (Predicate.hasProperty(error, "code") && Predicate.isString(error.code)) return error.code
  return message ?? String(error)
}

/** Time limit for the connection that tells whether a server speaks TLS. */
const probeTimeout = "2 seconds"

/**
 * Returns whether the server at an `http:` URL speaks TLS on that port. Sends no credentials.
 */
export const speaksTls = (http: HttpClient.HttpClient, baseUrl: string): Effect.Effect<boolean> =>
  http.get(baseUrl.replace(/^http:/, "https:")).pipe(
    Effect.timeout(probeTimeout),
    Effect.match({
      onSuccess: () => true,
      onFailure: (error) => error._tag === "HttpClientError" && certificate.test(nameOf(error))
    })
  )
