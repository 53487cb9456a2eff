// The fixtures of the Admin Portal: links for an organization that belongs to the run.
import * as Effect from "effect/Effect"
import { valueAt } from "@effect-workos/contract-engine/ApiConventions"
import { type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import { create, send } from "./created.ts"

const intents = ["sso", "domain_verification", "certificate_renewal"]

export const fixtures: Fixtures = {
  "portal.generateLink": Effect.gen(function* () {
    const { secrets } = yield* Session
    const organization = yield* create("organizations", { name: "Admin Portal" })
    if (organization.reason !== undefined) return []
    return yield* Effect.ensuring(
      Effect.forEach(intents, (intent) =>
        Effect.tap(send("portal.generateLink", "", { organization: organization.id, intent }), ({ response }) =>
          // The link grants access to the portal.
          Effect.sync(() => {
            const link = valueAt(response.json, ["link"])
            if (typeof link === "string") secrets.add(link)
          })
        )
      ),
      Effect.ignore(Lifecycle.remove(organization.removal, organization.id))
    )
  })
}
