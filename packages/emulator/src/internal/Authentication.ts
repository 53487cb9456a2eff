// The declaration of user authentication.
import { InvalidClient, InvalidGrant } from "@effect-workos/domain/sso/OAuthError"
import type { authentication as resource } from "@effect-workos/domain/user-management/Authentication"
import * as Effect from "effect/Effect"
import * as Authorization from "./Authorization.ts"
import type { Declaration } from "./Declaration.ts"

const unknownClient = () => Effect.fail(new InvalidClient({ message: Authorization.unknownClient }))

export const authentication: Declaration<typeof resource.endpoints> = {
  actions: {
    authorize: unknownClient,
    authenticate: () => Effect.fail(new InvalidGrant({ message: "The grant is invalid." })),
    authorizeDevice: unknownClient,
    logout: () => Effect.void
  }
}
