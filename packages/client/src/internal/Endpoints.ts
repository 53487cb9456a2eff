// The endpoints of one group of the API, as operations: what the services of all resources are made of.
import * as Effect from "effect/Effect"
import type * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import type { Traits } from "./Call.ts"
import * as Operation from "./Operation.ts"
import { Transport } from "./Transport.ts"
import { WorkOsConfig } from "../WorkOsConfig.ts"

interface OperationOptions extends Traits {
  readonly isGone?: boolean
  readonly name?: string
}

/**
 * A group of the API at the configured WorkOS, or elsewhere: `http` makes the requests of its endpoints, and `operation`
 * what sends them and reads the answers, named after the group and the endpoint. `isGone` is `Operation.run`'s,
 * as are the traits of its calls.
 */
export const make = <
  ApiId extends string,
  Groups extends HttpApiGroup.Constraint,
  const Group extends HttpApiGroup.Identifier<Groups>
>(
  api: HttpApi.HttpApi<ApiId, Groups>,
  group: Group,
  at?: URL
) =>
  Effect.gen(function* () {
    const { baseUrl } = yield* WorkOsConfig
    const { client, server } = yield* Transport
    const http = yield* HttpApiClient.group(api, { group, httpClient: client, baseUrl: at ?? baseUrl })
    const operation = <A, const Endpoint extends HttpApiGroup.EndpointsWithIdentifier<Groups, Group>["identifier"]>(
      endpoint: Endpoint,
      body: Operation.Body<A>,
      { isGone = false, name = endpoint, ...traits }: OperationOptions = {}
    ) =>
      Operation.run({
        operation: `${group}.${name}`,
        server: at === undefined ? server : { ...server, origin: at.origin },
        body,
        declared: HttpApiClient.decodeResponse(api, { group, endpoint }),
        isGone,
        traits
      })
    return { http, operation }
  })
