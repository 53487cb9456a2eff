// The declaration of Radar challenges.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { radarChallenges as resource } from "@effect-workos/domain/user-management/RadarChallenge"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import { isPhoneNumber } from "./Challenges.ts"

export const radarChallenges: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  actions: {
    // There are no messages: the list of issued codes has the code.
    send: ({ payload: { phoneNumber, userId } }, { ids, store }) => {
      if (store.users.get(userId) === undefined) return Effect.fail(NotFound.make("User", userId))
      if (!isPhoneNumber(phoneNumber)) {
        return Effect.fail(
          new ApiError.UnprocessableEntity({ code: "invalid_phone_number", message: "The phone number is invalid." })
        )
      }
      const verificationId = ids.id("vrf")
      const issued = { kind: "radar_challenge", id: verificationId, recipient: phoneNumber } as const
      OneTimeCodes.issue(store, { ...issued, createdAt: ids.now, ...OneTimeCodes.make(ids) })
      return Effect.succeed({ verificationId, phoneNumber })
    }
  }
}
