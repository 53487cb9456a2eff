// The endpoints of the sign-in flow, answered from memory.
import { AccessToken } from "@effect-workos/domain/Sso"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { EmulatedApi } from "./EmulatedApi.ts"

const unanswered = () => Effect.die("unanswered")

export const layer = HttpApiBuilder.group(EmulatedApi, "sso", (handlers) =>
  handlers
    .handle("authorize", unanswered)
    .handle("token", unanswered)
    .handle("profile", unanswered)
    .handle("jwks", unanswered)
    .handle("logoutAuthorize", unanswered)
    .handle("logout", unanswered)
)

/** Whose access token it is. */
export const layerAccessToken = Layer.succeed(AccessToken, { access_token: unanswered })
