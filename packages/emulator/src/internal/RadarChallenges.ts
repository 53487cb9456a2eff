// The declaration of Radar challenges.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { radarChallenges as resource } from "@effect-workos/domain/user-management/RadarChallenge"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import { isPhoneNumber } from "./Challenges.ts"

export const radarChallenges: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  actions: {
    // There are no messages: the list of issued codes has the code.
    send: Effect.fnUntraced(function* (
      { payload: { pendingAuthenticationToken, phoneNumber, userId } },
      { ids, store }
    ) {
      const { pending } = yield* AuthKit
      if (store.users.get(userId) === undefined) return yield* NotFound.make("User", userId)
      if (!isPhoneNumber(phoneNumber)) {
        const message = "The phone number is invalid."
        return yield* new ApiError.UnprocessableEntity({ code: "invalid_phone_number", message })
      }
      const found = yield* pending.get(Redacted.value(pendingAuthenticationToken))
      if (found?.purpose !== "radar_sms" || found.attempt.userId !== userId) {
        return yield* new ApiError.BadRequest({
          code: "invalid_pending_authentication_token",
          message: "The token of the pending authentication is unknown, used or expired."
        })
      }
      const verificationId = ids.id("vrf")
      const issued = { kind: "radar_challenge", id: verificationId, recipient: phoneNumber } as const
      OneTimeCodes.issue(store, { ...issued, createdAt: ids.now, ...OneTimeCodes.make(ids) })
      return { verificationId, phoneNumber }
    })
  }
}
