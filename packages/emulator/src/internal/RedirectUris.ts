// The declaration of redirect URIs.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { redirectUris as resource } from "@effect-workos/domain/user-management/RedirectUri"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"

export const redirectUris: Declaration<typeof resource.endpoints> = {
  unique: {
    uri: (uri) => new ApiError.UnprocessableEntity({ message: `Redirect URI '${uri}' already exists.` })
  },
  create: ({ uri }, _, { store }) =>
    URL.canParse(uri)
      ? Result.succeed({ default: store.redirectUris.rows.length === 0 })
      : Result.fail(new ApiError.UnprocessableEntity({ message: "The redirect URI is not a valid URL." })),
  seed: ({ index }) => ({ uri: `https://app-${index + 1}.example/callback`, default: index === 0 })
}
