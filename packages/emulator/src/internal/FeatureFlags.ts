// The feature flags of the emulated environment.
import {
  FeatureFlagId,
  type FeatureFlag,
  type featureFlags as resource
} from "@effect-workos/domain/feature-flags/FeatureFlag"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as Lists from "./Lists.ts"
import * as NotFound from "./NotFound.ts"
import * as Table from "./Table.ts"

const flag = (ulid: string, created: string, slug: string, name: string): FeatureFlag => ({
  object: "feature_flag",
  id: FeatureFlagId.make(`flag_${ulid}`),
  slug,
  name,
  description: `Shows the ${name.toLowerCase()}.`,
  owner: { email: "flags@acme.example", firstName: "Grace", lastName: "Hopper" },
  tags: ["ui"],
  enabled: true,
  defaultValue: false,
  createdAt: DateTime.makeUnsafe(created),
  updatedAt: DateTime.makeUnsafe(created)
})

/** Flags are created in the dashboard. */
const table = Table.make<FeatureFlag, "id">(
  [
    flag("01K1V02KNS6WHYXKG0DWB87THK", "2025-08-04T16:54:13.945Z", "dark-mode", "Dark mode"),
    flag("01K1V04FV94RNDSN5GKSZVQMYN", "2025-08-04T16:55:15.561Z", "new-sidebar", "New sidebar"),
    flag("01K2DQ7Y20B9M3X5T7V1C4E6G8", "2025-08-12T07:18:21.632Z", "advanced-analytics", "Advanced analytics"),
    flag("01K3KZC5G0F2H4J6N8Q1S3W5Y7", "2025-08-26T20:18:40.896Z", "beta-search", "Beta search")
  ],
  {},
  () => {}
)

/** Half of the flags are enabled for a user. The choice depends on the ids only. */
const isEnabled = (userId: string, { id }: FeatureFlag): boolean =>
  Array.from(userId + id).reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 2 === 0

export const featureFlags: Declaration<typeof resource.endpoints> = {
  actions: {
    listForUser: Effect.fnUntraced(function* ({ params: { userId }, query }, { store }) {
      yield* NotFound.ifUndefined("User", userId)(store.users.get(userId))
      return yield* Lists.page(table, "feature flag", query, {
        where: [],
        matches: (flag) => isEnabled(userId, flag)
      })
    })
  }
}
