// The declaration of Radar challenges.
import type { radarChallenges as resource } from "@effect-workos/domain/user-management/RadarChallenge"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"

export const radarChallenges: Declaration<typeof resource.endpoints> = {
  actions: {
    send: ({ payload: { userId } }) => Effect.fail(NotFound.make("User", userId))
  }
}
