// The declaration of Magic Auth.
import type {
  MagicAuth,
  MagicAuthInEvent,
  magicAuth as resource
} from "@effect-workos/domain/user-management/MagicAuth"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as CodeUsers from "./CodeUsers.ts"
import type { Declaration } from "./Declaration.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"

const toEventData = ({ code: _, ...data }: MagicAuth): MagicAuthInEvent => data

export const magicAuth: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  events: (before, after) =>
    before === undefined && after !== undefined ? [{ event: "magic_auth.created", data: toEventData(after) }] : [],

  create: ({ email }, { id }, context) => {
    const { ids, store } = context
    const issued = OneTimeCodes.make(ids)
    const user = CodeUsers.findOrCreate(context, email)
    OneTimeCodes.issue(store, { kind: "magic_auth", id, recipient: email, createdAt: ids.now, ...issued })
    return Result.succeed({ userId: user.id, expiresAt: issued.expiresAt, code: Redacted.make(issued.code) })
  }
}
