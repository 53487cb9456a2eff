/**
 * The fields that API keys of users and of organizations share.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import { PermissionSlug } from "../authorization/Permission.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import { RedactedString } from "../RedactedString.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an API key: `api_key_…`. The id is not the value of the key, which is a secret.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export const ApiKeyId = Id.make("api_key").pipe(Schema.brand("ApiKeyId"))
export type ApiKeyId = typeof ApiKeyId.Type

/**
 * The value of an API key. WorkOS returns the value once, when the key is created.
 */
export const ApiKeyValue = RedactedString(/sk_[A-Za-z0-9]{24}/)

const name = Arbitraries.stringMatching(/(?:Production|Staging|CI) key/)

/**
 * Returns the schema of an API key with an owner and additional fields.
 *
 * **Example** (A key of a service)
 *
 * ```ts
 * import * as ApiKeyFields from "@effect-workos/domain/api-keys/ApiKeyFields"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const ServiceKey = ApiKeyFields.make(() => ({
 *   owner: Wire.Struct({ type: Schema.Literal("service"), id: Schema.String }),
 *   value: ApiKeyFields.ApiKeyValue
 * }))
 *
 * const idOf = ({ id }: typeof ServiceKey.Type): ApiKeyFields.ApiKeyId => id
 *
 * const CreateServiceKey = Wire.Struct(ApiKeyFields.createFields)
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export const make = <const Fields extends Schema.Struct.Fields>(fields: () => Fields) =>
  ApiObject.make("api_key", ApiKeyId, () => ({
    name,
    obfuscatedValue: Arbitraries.stringMatching(/sk_\.\.\.[A-Za-z0-9]{4}/),
    permissions: Lenient.withDefault(Schema.Array(PermissionSlug), () => []),
    lastUsedAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
    expiresAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
    ...fields()
  }))

/**
 * Returns the fields of the payload that creates an API key.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export const createFields = () => ({
  name,
  permissions: Wire.optional(Schema.Array(PermissionSlug)),
  expiresAt: Wire.optional(Timestamp)
})
