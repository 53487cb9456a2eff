// The HTTP API of the product, for its login page and for its administrators.
import { ConnectionId, ConnectionState, ConnectionType } from "@effect-workos/domain/sso/Connection"
import { OrganizationExternalId } from "@effect-workos/domain/organizations/Organization"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Schema from "effect/Schema"

const Email = Schema.String.check(
  Schema.isPattern(/^[^\s@]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i, { expected: "an email address" })
)

/** Sign-in with a password, or through the customer's identity provider. */
export const SignInMethod = Schema.Union([
  Schema.Struct({ method: Schema.Literal("password") }),
  Schema.Struct({
    method: Schema.Literal("single-sign-on"),
    organization: OrganizationId,
    connectionType: ConnectionType
  })
])
export type SignInMethod = typeof SignInMethod.Type

const CustomerConnection = Schema.Struct({
  id: ConnectionId,
  name: Schema.String,
  connectionType: ConnectionType,
  state: ConnectionState
})
type CustomerConnection = typeof CustomerConnection.Type

export class UnknownCustomer extends Schema.TaggedError<UnknownCustomer>()(
  "UnknownCustomer",
  { customerId: Schema.String },
  { httpApiStatus: 404 }
) {}

/** WorkOS is temporarily unavailable. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {}, { httpApiStatus: 503 }) {}

export class NotAdministrator extends Schema.TaggedError<NotAdministrator>()(
  "NotAdministrator",
  {},
  { httpApiStatus: 401 }
) {}

/** Requires the token of the administrators. */
export class Administrator extends HttpApiMiddleware.Service<Administrator>()("example/Administrator", {
  security: { bearer: HttpApiSecurity.bearer },
  error: NotAdministrator,
  requiredForClient: true
}) {}

export const Api = HttpApi.make("product").add(
  HttpApiGroup.make("login").add(
    HttpApiEndpoint.get("signInMethod", "/sign-in-method", {
      query: { email: Email },
      success: SignInMethod,
      error: Unavailable
    })
  ),
  HttpApiGroup.make("admin")
    .add(
      HttpApiEndpoint.get("connections", "/customers/:customerId/connections", {
        params: { customerId: OrganizationExternalId },
        success: Schema.Array(CustomerConnection),
        error: [UnknownCustomer, Unavailable]
      })
    )
    .middleware(Administrator)
    .prefix("/admin")
)
