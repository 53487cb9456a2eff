// The fixtures of the Admin Portal: links for an organization that belongs to the run.
import * as Effect from "effect/Effect"
import { valueAt } from "@effect-workos/contract-engine/ApiConventions"
import { type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import { createIfPossible, send } from "./created.ts"

const intents = ["sso", "domain_verification", "certificate_renewal"]

export const fixtures: Fixtures = {
  "portal.generateLink": {
    writes: true,
    send: Effect.gen(function* () {
      const { addSecrets } = yield* Session
      const organization = yield* createIfPossible("organizations", { name: "Admin Portal" })
      if (organization === undefined) return []
      return yield* Lifecycle.thenRemove(
        organization,
        Effect.forEach(intents, (intent) =>
          Effect.tap(send("portal.generateLink", "", { organization: organization.id, intent }), ({ response }) =>
            // The link grants access to the portal.
            addSecrets([valueAt(response.json, ["link"])])
          )
        )
      )
    })
  }
}
