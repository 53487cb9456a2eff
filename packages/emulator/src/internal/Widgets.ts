// The declaration of widgets.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { widgets as resource } from "@effect-workos/domain/widgets/Widgets"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import * as SignIn from "./SignIn.ts"

export const widgets: Declaration<typeof resource.endpoints> = {
  actions: {
    createToken: Effect.fnUntraced(function* ({ payload: { organizationId, scopes = [], userId } }, { store }) {
      if (organizationId === undefined && scopes.length > 0) {
        return yield* new ApiError.BadRequest({ message: "Scopes require an organization." })
      }
      if (organizationId !== undefined && store.organizations.get(organizationId) === undefined) {
        return yield* NotFound.make("Organization", organizationId)
      }
      if (userId !== undefined && store.users.get(userId) === undefined) return yield* NotFound.make("User", userId)
      return { token: Redacted.make(yield* SignIn.secret) }
    })
  }
}
