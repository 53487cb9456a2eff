// Both SDKs in one program, with one configuration, one rate limit and one set of errors.
import { RateLimit } from "@effect-workos/client/RateLimit"
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  BadRequestException,
  ConflictException,
  GenericServerException,
  NotFoundException,
  RateLimitExceededException,
  UnauthorizedException,
  UnprocessableEntityException,
  WorkOS
} from "@workos-inc/node"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

// -----------------------------------------------------------------------------
// One configuration and one rate limit
// -----------------------------------------------------------------------------

/** The official SDK. */
export class OfficialSdk extends Context.Service<OfficialSdk, WorkOS>()("app/OfficialSdk") {}

/** A `fetch` that waits for the rate limiter of effect-workos, and reports every response to the rate limiter. */
const makeLimitedFetch = Effect.gen(function* () {
  const { onResponse, withLimits } = yield* RateLimit
  const fetch = yield* FetchHttpClient.Fetch
  const runPromise = Effect.runPromiseWith(yield* Effect.context<never>())

  const limitedFetch: typeof globalThis.fetch = (input, init) =>
    runPromise(
      withLimits([], (acquire) =>
        Effect.gen(function* () {
          const number = yield* acquire
          // An error of `fetch` rejects the returned promise unchanged: the SDK needs this error to decide whether to retry.
          const response = yield* Effect.promise(() => fetch(input, init))
          yield* onResponse(number, 1, { status: response.status, headers: Headers.fromInput(response.headers) })
          return response
        })
      ),
      // The SDK's timeout also ends the wait for the rate limiter.
      { signal: init?.signal ?? undefined }
    )
  return limitedFetch
})

const makeOfficialSdk = Effect.gen(function* () {
  const { apiKey, baseUrl } = yield* WorkOsConfig.WorkOsConfig
  return new WorkOS(Redacted.value(apiKey), {
    apiHostname: baseUrl.hostname,
    https: baseUrl.protocol === "https:",
    ...(baseUrl.port === "" ? {} : { port: Number(baseUrl.port) }),
    fetchFn: yield* makeLimitedFetch
  })
})

/** Both SDKs with the same rate limiter. Requires a configuration and an `HttpClient`. */
export const layerBoth = Layer.mergeAll(WorkOs.layerNoDeps, Layer.effect(OfficialSdk, makeOfficialSdk)).pipe(
  Layer.provide(RateLimit.layer)
)

/** Both SDKs, configured by environment variables. */
export const BothLive = layerBoth.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))

// -----------------------------------------------------------------------------
// One set of errors
// -----------------------------------------------------------------------------

interface Exception {
  readonly code?: string | undefined
  readonly message: string
  readonly requestID: string
}

const toFields = ({ code, message, requestID }: Exception) => ({
  message,
  ...(code === undefined ? {} : { code }),
  ...(requestID === "" ? {} : { requestId: requestID })
})

/** Converts an exception of the official SDK to the error of effect-workos for the same status. */
const toError = (cause: unknown) => {
  if (cause instanceof BadRequestException) return new ApiError.BadRequest(toFields(cause))
  if (cause instanceof UnauthorizedException) return new ApiError.Unauthorized(toFields(cause))
  if (cause instanceof NotFoundException) return new ApiError.NotFound(toFields(cause))
  if (cause instanceof ConflictException) return new ApiError.Conflict(toFields(cause))
  if (cause instanceof UnprocessableEntityException) return new ApiError.UnprocessableEntity(toFields(cause))
  if (cause instanceof RateLimitExceededException) {
    // The SDK reads a date in `Retry-After` as `NaN`.
    const seconds = cause.retryAfter ?? NaN
    const retryAfter = isNaN(seconds) ? {} : { retryAfter: Headers.retryAfterDuration(Duration.seconds(seconds)) }
    return new ApiError.TooManyRequests({ ...toFields(cause), ...retryAfter })
  }
  if (cause instanceof GenericServerException && cause.status === 400) return new ApiError.BadRequest(toFields(cause))
  if (cause instanceof GenericServerException && cause.status === 403) return new ApiError.Forbidden(toFields(cause))
  return new Cause.UnknownError(cause)
}

/** Calls the official SDK, and fails with errors of effect-workos. */
export const callSdk = <A>(call: (workos: WorkOS) => Promise<A>) =>
  Effect.flatMap(OfficialSdk, (workos) => Effect.tryPromise({ try: () => call(workos), catch: toError }))

// -----------------------------------------------------------------------------
// A function that uses both SDKs
// -----------------------------------------------------------------------------

/** Returns the name of the organization of a connection, or `undefined` if the connection or its organization does not exist. */
export const organizationName = Effect.fn("organizationName")(
  function* (connectionId: string) {
    const { connections } = yield* WorkOs
    const { organizationId } = yield* connections.get(connectionId)
    if (organizationId === undefined) return undefined
    const { name } = yield* callSdk(({ organizations }) => organizations.getOrganization(organizationId))
    return name
  },
  Effect.catchTag("NotFound", () => Effect.undefined)
)
