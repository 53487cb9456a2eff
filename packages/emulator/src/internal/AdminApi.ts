// The admin API for states of connections and of organizations' domains.
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import { Connection, ConnectionState } from "@effect-workos/domain/sso/Connection"
import { OrganizationDomain, OrganizationDomainState } from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { InvalidRequests, layerInvalidRequests } from "./EmulatedApi.ts"
import * as NotFound from "./NotFound.ts"
import * as Admin from "../Admin.ts"
import { Store } from "../Store.ts"

const error = [ApiErrorResponse.NotFoundResponse, ApiErrorResponse.UnprocessableEntityResponse]

/**
 * Sets the states of connections and of organizations' domains.
 */
const AdminApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("states").add(
      HttpApiEndpoint.put("connection", "/_emulator/connections/:id", {
        params: { id: Schema.String },
        payload: Schema.Struct({ state: Schema.Literals(ConnectionState.known) }),
        success: Connection,
        error
      }),
      HttpApiEndpoint.put("domain", "/_emulator/organization_domains/:id", {
        params: { id: Schema.String },
        payload: Schema.Struct({ state: Schema.Literals(OrganizationDomainState.known) }),
        success: OrganizationDomain,
        error
      })
    )
  )
  .middleware(InvalidRequests)

const layerGroup = HttpApiBuilder.group(
  AdminApi,
  "states",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* Store
    const inStore = Effect.provideService(Store, store)
    return handlers
      .handle("connection", ({ params: { id }, payload: { state } }) =>
        Effect.flatMap(inStore(Admin.setConnectionState(id, state)), NotFound.ifUndefined("Connection", id))
      )
      .handle("domain", ({ params: { id }, payload: { state } }) =>
        Effect.flatMap(inStore(Admin.setDomainState(id, state)), NotFound.ifUndefined("Organization domain", id))
      )
  })
)

/** The routes. */
export const layer = HttpApiBuilder.layer(AdminApi).pipe(Layer.provide(layerGroup), Layer.provide(layerInvalidRequests))
