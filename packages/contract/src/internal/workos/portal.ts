// The Admin Portal: requests for links that are known to succeed, since they are about an organization of the run's own.
import * as Effect from "effect/Effect"
import { at } from "../../Convention.ts"
import { type Exercises, Session } from "../../Session.ts"
import * as Exercise from "../Exercise.ts"
import { create, send } from "./own.ts"

const intents = ["sso", "domain_verification", "certificate_renewal"]

export const exercises: Exercises = {
  "portal.generateLink": Effect.gen(function* () {
    const { secrets } = yield* Session
    const own = yield* create("organizations", { name: "Admin Portal" })
    if (own.reason !== undefined) return []
    return yield* Effect.ensuring(
      Effect.forEach(intents, (intent) =>
        Effect.tap(send("portal.generateLink", "", { organization: own.id, intent }), ({ answer }) =>
          // Whoever has the link is let in.
          Effect.sync(() => secrets.add(String(at(answer.json, ["link"]))))
        )
      ),
      Effect.ignore(Exercise.remove(own.removal, own.id))
    )
  })
}
