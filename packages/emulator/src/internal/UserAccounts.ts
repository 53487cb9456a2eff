// The declaration of users.
import type { users as resource } from "@effect-workos/domain/user-management/User"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import { month } from "./SeedRow.ts"

const firstNames = ["Ada", "Alan", "Barbara", "Edsger", "Frances", "Grace", "Jürgen", "Katherine", "María", "恵"]
const lastNames = [
  "Allen",
  "Dijkstra",
  "Franklin",
  "Hopper",
  "Johnson",
  "Liskov",
  "Lovelace",
  "Nuñez",
  "Świątek",
  "佐藤"
]

export const users: Declaration<typeof resource.endpoints> = {
  filters: { organizationId: () => false },
  create: () => Result.succeed({ metadata: {}, emailVerified: false }),
  update: () => Result.succeed({}),
  actions: {
    getByExternalId: ({ params: { external_id: externalId } }, { store }) =>
      NotFound.ifUndefined("User", externalId)(store.users.findBy("externalId", externalId)[0]),
    sendEmailVerification: ({ params: { id } }) => Effect.fail(NotFound.make("User", id)),
    confirmEmailVerification: ({ params: { id } }) => Effect.fail(NotFound.make("User", id)),
    sendEmailChange: ({ params: { id } }) => Effect.fail(NotFound.make("User", id)),
    confirmEmailChange: ({ params: { id } }) => Effect.fail(NotFound.make("User", id)),
    listIdentities: ({ params: { id } }, { store }) =>
      Effect.as(NotFound.ifUndefined("User", id)(store.users.get(id)), [])
  },

  seed: ({ below, chance, created, customer, index, pick }) => {
    const isNamed = chance(0.9)
    const firstName = pick(firstNames)
    const lastName = pick(lastNames)
    const signedIn = chance(0.8) ? created + below(month) : undefined
    return {
      email: `user-${index + 1}@${customer?.domain ?? "mail.example"}`,
      email_verified: chance(0.9),
      first_name: isNamed ? firstName : null,
      last_name: isNamed ? lastName : null,
      name: isNamed ? `${firstName} ${lastName}` : null,
      profile_picture_url: chance(0.2) ? `https://images.example/${index + 1}.png` : null,
      external_id: chance(0.5) ? `user-${index + 1}` : null,
      metadata: chance(0.3) ? { plan: pick(["free", "pro"]) } : {},
      last_sign_in_at: signedIn === undefined ? null : new Date(signedIn).toISOString(),
      locale: chance(0.5) ? pick(["de-DE", "en-US", "fr-CA"]) : null,
      updated_at: new Date(signedIn ?? created).toISOString()
    }
  }
}
