// The declarations of authentication factors and of their challenges.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { authenticationChallenges as challenges } from "@effect-workos/domain/user-management/AuthenticationChallenge"
import type { authenticationFactors as factors } from "@effect-workos/domain/user-management/AuthenticationFactor"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"

export const authenticationFactors: Declaration<typeof factors.endpoints> = {
  // The cast names a table that will exist as soon as users are described.
  parents: { userId: { resource: "users" as "organizations" } },
  actions: {
    enroll: () => Effect.fail(new ApiError.UnprocessableEntity({ message: "Factors are not emulated yet." })),
    enrollForUser: ({ params: { userId } }) => Effect.fail(NotFound.make("User", userId)),
    challenge: ({ params: { id } }) => Effect.fail(NotFound.make("Authentication factor", id))
  }
}

export const authenticationChallenges: Declaration<typeof challenges.endpoints> = {
  actions: {
    verify: ({ params: { id } }) => Effect.fail(NotFound.make("Authentication challenge", id))
  }
}
