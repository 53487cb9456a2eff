// URLs that browsers open.
import type { Endpoint } from "@effect-workos/domain/Endpoint"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Result from "effect/Result"
import { InvalidRequest } from "../ClientError.ts"
import * as BaseUrl from "./BaseUrl.ts"
import * as Failure from "./Failure.ts"
import * as RequestInput from "./RequestInput.ts"

/**
 * Makes the URL of an endpoint that browsers open, or fails with `InvalidRequest` if an option is invalid.
 */
export const make = (
  operation: string,
  endpoint: Endpoint,
  query: Readonly<Record<string, unknown>>,
  baseUrl: URL
): Result.Result<URL, InvalidRequest> => {
  const violation = BaseUrl.violation(baseUrl)
  if (violation !== undefined) {
    return Result.fail(new InvalidRequest({ operation, message: `${operation}: baseUrl: Expected ${violation}` }))
  }
  return RequestInput.urls(endpoint, baseUrl)({}, query).pipe(
    Result.mapBoth({
      onFailure: (error) => Failure.invalidRequest(operation, error),
      onSuccess: (url) => new URL(url)
    })
  )
}

/** The options that authorization URLs of SSO and of AuthKit have in common. */
interface AuthorizationOptions {
  readonly redirectUri: string | URL
  readonly codeChallenge?: string | undefined
  readonly providerQueryParams?: Readonly<Record<string, string | number | boolean>> | undefined
}

/**
 * Returns the query of an authorization URL.
 */
export const authorizationQuery = <O extends AuthorizationOptions>({
  codeChallenge,
  providerQueryParams,
  redirectUri,
  ...rest
}: O) => ({
  ...rest,
  redirectUri: String(redirectUri),
  responseType: "code" as const,
  ...(providerQueryParams === undefined
    ? {}
    : { providerQueryParams: Record.map(Record.filter(providerQueryParams, Predicate.isNotUndefined), String) }),
  ...(codeChallenge === undefined ? {} : { codeChallenge, codeChallengeMethod: "S256" as const })
})
