// The declaration of password resets.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { passwordResets as resource } from "@effect-workos/domain/user-management/PasswordReset"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"

export const passwordResets: Declaration<typeof resource.endpoints> = {
  create: ({ email }) => Result.fail(new ApiError.NotFound({ message: `User not found: '${email}'.` })),
  actions: {
    confirm: () => Effect.fail(new ApiError.NotFound({ message: "The token is invalid." }))
  }
}
