/**
 * Feature flags: ids, schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as RateLimits from "../user-management/RateLimits.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a feature flag: `flag_…`.
 *
 * @see https://workos.com/docs/reference/feature-flags
 */
export const FeatureFlagId = Id.make("flag").pipe(Schema.brand("FeatureFlagId"))
export type FeatureFlagId = typeof FeatureFlagId.Type

/**
 * The person who is responsible for a feature flag.
 *
 * @see https://workos.com/docs/reference/feature-flags
 */
export class FeatureFlagOwner extends Schema.Opaque<FeatureFlagOwner>()(
  Wire.Struct(() => ({
    email: Arbitraries.EmailAddress,
    firstName: Lenient.optional(Arbitraries.FirstName, { required: true, nullable: true }),
    lastName: Lenient.optional(Arbitraries.LastName, { required: true, nullable: true })
  }))
) {}

/**
 * The fields of feature flags in responses and events.
 */
export const featureFlagFields = () => ({
  slug: Arbitraries.stringMatching(/(?:advanced|beta|new)-(?:analytics|billing|search)/),
  name: Arbitraries.stringMatching(/(?:Advanced|Beta|New) (?:analytics|billing|search)/),
  description: Lenient.optional(Arbitraries.stringMatching(/Shows the [a-z]{4,9} page\./), {
    required: true,
    nullable: true
  }),
  owner: Lenient.optional(FeatureFlagOwner, { required: true, nullable: true }),
  tags: Lenient.withDefault(Schema.Array(Arbitraries.stringMatching(/(?:reports|sales|ui)/)), () => []),
  enabled: Lenient.optional(Schema.Boolean, { required: true }),
  defaultValue: Lenient.optional(Schema.Boolean, { required: true })
})

/**
 * A feature flag.
 *
 * **Details**
 *
 * - `slug`: the name of the flag in programs. The claim `feature_flags` of access tokens contains slugs.
 * - `owner`, `tags`, `enabled`, `defaultValue`: absent in older responses. `tags` is then empty.
 * - `enabled`: true if the flag is evaluated in this environment.
 * - `defaultValue`: the value for users and organizations without a rule.
 *
 * **Example** (Decoding a response of 2025)
 *
 * ```ts
 * import { FeatureFlag, type FeatureFlagId, type FeatureFlagOwner } from "@effect-workos/domain/feature-flags/FeatureFlag"
 * import * as Schema from "effect/Schema"
 *
 * const flag = Schema.decodeUnknownSync(FeatureFlag)({
 *   object: "feature_flag",
 *   id: "flag_01K1V04FV94RNDSN5GKSZVQMYN",
 *   slug: "new-sidebar-layout",
 *   name: "New sidebar",
 *   description: "",
 *   created_at: "2025-08-04T16:55:15.557Z",
 *   updated_at: "2025-08-04T16:55:15.557Z"
 * })
 *
 * const id: FeatureFlagId = flag.id
 * const owner: FeatureFlagOwner | undefined = flag.owner
 * flag.tags // => []
 * ```
 *
 * @see https://workos.com/docs/reference/feature-flags
 */
export class FeatureFlag extends Schema.Opaque<FeatureFlag>()(
  ApiObject.make("feature_flag", FeatureFlagId, featureFlagFields)
) {}

/**
 * The endpoints of feature flags.
 *
 * @see https://workos.com/docs/reference/feature-flags
 */
export const featureFlags = Resource.make("featureFlags", {
  /**
   * Returns a page of the feature flags that are enabled for a user, or for an organization of the user. `order` defaults
   * to `desc`.
   *
   * @see https://workos.com/docs/reference/feature-flags/list-for-user
   */
  listForUser: Endpoint.get("/user_management/users/:userId/feature-flags", {
    summary: "List the feature flags that are enabled for a user",
    description: "Includes the feature flags of the organizations of which the user is a member.",
    params: { userId: UserId },
    query: Wire.Struct(() => Pagination.query("flag")),
    item: FeatureFlag,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads
  })
})
