// The declaration of CORS origins.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { corsOrigins as resource } from "@effect-workos/domain/user-management/CorsOrigin"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text.toLowerCase()

export const corsOrigins: Declaration<typeof resource.endpoints> = {
  unique: {
    origin: () => new ApiError.Conflict({ code: "duplicate_cors_origin", message: "CORS origin already exists." })
  },
  create: ({ origin }) =>
    isOrigin(origin)
      ? Result.succeed({})
      : Result.fail(new ApiError.UnprocessableEntity({ message: "The origin is not valid." })),
  seed: ({ index }) => ({ origin: `https://app-${index + 1}.example` })
}
