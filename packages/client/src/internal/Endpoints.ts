// The endpoints of one group of the API, as operations: what the services of all resources are made of.
import { ApiKey } from "@effect-workos/domain/ApiKey"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Redacted from "effect/Redacted"
import type { InvalidRequest } from "../ClientError.ts"
import * as ErrorResponse from "./ErrorResponse.ts"
import * as Operation from "./Operation.ts"
import * as Request from "./Request.ts"
import { Transport } from "./Transport.ts"
import { WorkOsConfig } from "../WorkOsConfig.ts"

interface Group {
  readonly identifier: string
  readonly endpoints: Readonly<Record<string, HttpApiEndpoint.ConstraintRequest>>
}

interface EndpointOptions extends Operation.OperationOptions {
  readonly name?: string
}

interface CallOptions extends Operation.CallOptions {
  /** What must hold before anything is sent. */
  readonly precondition?: Effect.Effect<void, InvalidRequest>
  /** Sent instead of the API key. */
  readonly token?: Redacted.Redacted
}

type ErrorOf<Endpoint extends HttpApiEndpoint.ConstraintRequest> =
  | Endpoint["~Error"]["Type"]
  | HttpApiMiddleware.Error<Endpoint["~Middleware"]>

const endpointOf = (group: Group, name: string): HttpApiEndpoint.Top => {
  const endpoint = group.endpoints[name]
  if (HttpApiEndpoint.isHttpApiEndpoint(endpoint)) return endpoint
  throw new Error(`${group.identifier} has no endpoint ${name}`)
}

/**
 * What makes operations of a group's endpoints, at the configured WorkOS or elsewhere. Each takes what its requests are made
 * of, and is named after the group and the endpoint. The API key goes with the requests of every endpoint that wants it, and
 * with no others.
 */
export const make = <G extends Group>(group: G, at?: URL) =>
  Effect.gen(function* () {
    const { apiKey, baseUrl } = yield* WorkOsConfig
    const transport = yield* Transport

    return <A, const Name extends keyof G["endpoints"] & string>(
      endpoint: Name,
      success: Operation.ResponseDecoder<A>,
      { name = endpoint, ...options }: EndpointOptions = {}
    ) => {
      const described = endpointOf(group, endpoint)
      const request = Request.maker(described, at ?? baseUrl)
      const key = described.middlewares.has(ApiKey) && Redacted.value(apiKey) !== "" ? apiKey : undefined
      const run = Operation.run({
        ...options,
        operation: `${group.identifier}.${name}`,
        transport,
        success,
        errors: ErrorResponse.decodersOf<ErrorOf<G["endpoints"][Name]>>(described)
      })
      return (parts: Request.AnyParts & Request.Parts<G["endpoints"][Name]>, options: CallOptions = {}) => {
        const { precondition, token = key } = options
        const made = Effect.map(
          Effect.suspend(() => Effect.fromResult(request(parts))),
          (made) => (token === undefined ? made : HttpClientRequest.bearerToken(made, token))
        )
        return run(precondition === undefined ? made : Effect.andThen(precondition, made), options)
      }
    }
  })
