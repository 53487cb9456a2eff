/**
 * The data of events of API keys.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { Timestamp } from "../Timestamp.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"
import * as ApiKeyFields from "./ApiKeyFields.ts"

const owner = () => ({
  owner: Wire.Struct(() => ({
    type: OpenEnum.make(["organization", "user"], /[a-z]{4,8}_owner/),
    id: Schema.Union([OrganizationId, UserId]),
    organizationId: Lenient.optional(OrganizationId)
  }))
})

/**
 * The data of an event of an API key. `owner.organizationId` is absent if the owner is an organization.
 *
 * **Example** (Keys that were extended)
 *
 * ```ts
 * import type { ApiKeyInEvent } from "@effect-workos/domain/api-keys/ApiKeyEvent"
 * import * as Event from "@effect-workos/domain/events/Event"
 * import * as DateTime from "effect/DateTime"
 *
 * const never = DateTime.makeUnsafe("9999-12-31")
 *
 * const expiryOf = ({ expiresAt }: Pick<ApiKeyInEvent, "expiresAt">): DateTime.Utc => expiresAt ?? never
 *
 * const isExtended = ({ data }: Event.OfType<"api_key.updated">): boolean =>
 *   DateTime.isGreaterThan(expiryOf(data), expiryOf(data.previousAttributes))
 * ```
 *
 * @see https://workos.com/docs/events/api-key
 */
export class ApiKeyInEvent extends Schema.Opaque<ApiKeyInEvent>()(ApiKeyFields.make(owner)) {}

/**
 * The data of the event of an API key whose expiry was changed. `previousAttributes` contains the previous expiry.
 *
 * @see https://workos.com/docs/events/api-key
 */
export class UpdatedApiKey extends Schema.Opaque<UpdatedApiKey>()(
  ApiKeyFields.make(() => ({
    ...owner(),
    previousAttributes: Wire.Struct(() => ({
      expiresAt: Lenient.optional(Timestamp, { required: true, nullable: true })
    }))
  }))
) {}
