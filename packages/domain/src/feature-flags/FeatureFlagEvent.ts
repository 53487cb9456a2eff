/**
 * The data of events of feature flags.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { FeatureFlagId, featureFlagFields } from "./FeatureFlag.ts"

/**
 * The data of an event of a feature flag. `environmentId` is absent in older events. Samples in the documentation have
 * `flag` as `object`.
 *
 * **Example** (The slugs of deleted flags)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 * import type { FeatureFlagInEvent } from "@effect-workos/domain/feature-flags/FeatureFlagEvent"
 *
 * const slugOf = ({ slug }: FeatureFlagInEvent): string => slug
 *
 * const deletedSlug = (event: Event.Event): string | undefined =>
 *   Event.is("flag.deleted")(event) ? slugOf(event.data) : undefined
 * ```
 *
 * @see https://workos.com/docs/events/feature-flag
 */
export class FeatureFlagInEvent extends Schema.Opaque<FeatureFlagInEvent>()(
  Wire.Struct(() => ({
    object: Lenient.withDefault(OpenEnum.make(["feature_flag"], /flag/), () => "feature_flag"),
    id: FeatureFlagId,
    environmentId: Lenient.optional(Arbitraries.stringMatching(/environment_01[0-9A-HJKMNP-TV-Z]{24}/), {
      required: true
    }),
    ...featureFlagFields(),
    createdAt: Timestamp,
    updatedAt: Timestamp
  }))
) {}
