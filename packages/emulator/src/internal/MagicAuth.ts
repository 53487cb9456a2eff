// The declaration of Magic Auth.
import type {
  MagicAuth,
  MagicAuthInEvent,
  magicAuth as resource
} from "@effect-workos/domain/user-management/MagicAuth"
import { OAuthError } from "@effect-workos/domain/sso/OAuthError"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Struct from "effect/Struct"
import * as CodeUsers from "./CodeUsers.ts"
import type { Declaration } from "./Declaration.ts"
import * as InvitationTokens from "./InvitationTokens.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"

const toEventData = (row: MagicAuth): MagicAuthInEvent => Struct.omit(row, ["code"])

export const magicAuth: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  events: (before, after) =>
    before === undefined && after !== undefined ? [{ event: "magic_auth.created", data: toEventData(after) }] : [],

  create: ({ email, invitationToken }, { id }, context) =>
    Result.gen(function* () {
      const { ids, store } = context
      if (invitationToken !== undefined) {
        yield* InvitationTokens.pending(store, ids.now, email, Redacted.value(invitationToken))
      } else if (!store.secrets.allowSignUp && CodeUsers.find(store, email) === undefined) {
        return yield* Result.fail(
          new OAuthError({ error: "sign_up_not_allowed", message: "New users cannot sign up." })
        )
      }
      const issued = OneTimeCodes.make(ids)
      const user = CodeUsers.findOrCreate(context, email)
      OneTimeCodes.issue(store, { kind: "magic_auth", id, recipient: email, createdAt: ids.now, ...issued })
      return { userId: user.id, expiresAt: issued.expiresAt, code: Redacted.make(issued.code) }
    })
}
