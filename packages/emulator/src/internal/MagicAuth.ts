// The declaration of Magic Auth.
import type { magicAuth as resource } from "@effect-workos/domain/user-management/MagicAuth"
import { UserId } from "@effect-workos/domain/user-management/UserId"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"

export const magicAuth: Declaration<typeof resource.endpoints> = {
  create: ({ email }, { id }, { ids, store }) => {
    const issued = OneTimeCodes.make(ids)
    OneTimeCodes.issue(store, { kind: "magic_auth", id, recipient: email, createdAt: ids.now, ...issued })
    return Result.succeed({
      userId: UserId.make(ids.id("user")),
      expiresAt: issued.expiresAt,
      code: Redacted.make(issued.code)
    })
  }
}
