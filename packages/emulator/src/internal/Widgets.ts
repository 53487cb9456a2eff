// The declaration of widgets.
import type { widgets as resource } from "@effect-workos/domain/widgets/Widgets"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import * as SignIn from "./SignIn.ts"

export const widgets: Declaration<typeof resource.endpoints> = {
  actions: {
    createToken: Effect.fnUntraced(function* ({ payload: { organizationId } }, { store }) {
      if (organizationId !== undefined && store.organizations.get(organizationId) === undefined) {
        return yield* NotFound.make("Organization", organizationId)
      }
      return { token: Redacted.make(yield* SignIn.secret) }
    })
  }
}
