/**
 * The data of events of Vault.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { Metadata } from "../Attributes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Wire from "../Wire.ts"

const actor = () => ({
  actorId: Arbitraries.stringMatching(/user_01[0-9A-HJKMNP-TV-Z]{24}/),
  actorSource: OpenEnum.make(["api", "dashboard"], /[a-z]{3,6}_app/),
  actorName: Arbitraries.FirstName
})

const keyId = () => ({ keyId: Arbitraries.stringMatching(/key_01[0-9A-HJKMNP-TV-Z]{24}/) })

const object = () => ({ kvName: Arbitraries.stringMatching(/[a-z]{3,8}-secrets/) })

const keyContext = () => ({ keyContext: Metadata })

const provider = () => ({
  organizationId: OrganizationId,
  keyProvider: OpenEnum.make(["AWS_KMS", "GCP_KMS", "AZURE_KEY_VAULT"], /[A-Z]{3,8}_KMS/)
})

/**
 * The data of the event of a list of the names of objects: the actor.
 *
 * **Example** (A line for the log of an administrator)
 *
 * ```ts
 * import type * as Event from "@effect-workos/domain/events/Event"
 *
 * type Access = Event.OfType<"vault.data.read" | "vault.metadata.read" | "vault.names.listed">
 *
 * const line = ({ data, event }: Access): string =>
 *   "kvName" in data ? `${data.actorName}: ${event} of ${data.kvName}` : `${data.actorName}: ${event}`
 * ```
 *
 * @see https://workos.com/docs/events/vault
 */
export class VaultActor extends Schema.Opaque<VaultActor>()(Wire.Struct(actor)) {}

/**
 * The data of an event of an object: the actor, and the name of the object.
 *
 * @see https://workos.com/docs/events/vault
 */
export class VaultObjectInEvent extends Schema.Opaque<VaultObjectInEvent>()(
  Wire.Struct(() => ({ ...actor(), ...object() }))
) {}

/**
 * The data of the event of an object that was read: also the key.
 *
 * @see https://workos.com/docs/events/vault
 */
export class VaultObjectRead extends Schema.Opaque<VaultObjectRead>()(
  Wire.Struct(() => ({ ...actor(), ...object(), ...keyId() }))
) {}

/**
 * The data of the event of an object that was created or updated: also the key and its context.
 *
 * @see https://workos.com/docs/events/vault
 */
export class VaultObjectWritten extends Schema.Opaque<VaultObjectWritten>()(
  Wire.Struct(() => ({ ...actor(), ...object(), ...keyId(), ...keyContext() }))
) {}

/**
 * The data of the event of a data key that was decrypted.
 *
 * @see https://workos.com/docs/events/vault
 */
export class DataKeyDecrypted extends Schema.Opaque<DataKeyDecrypted>()(
  Wire.Struct(() => ({ ...actor(), ...keyId() }))
) {}

/**
 * The data of the event of data keys that were read.
 *
 * @see https://workos.com/docs/events/vault
 */
export class DataKeysRead extends Schema.Opaque<DataKeysRead>()(
  Wire.Struct(() => ({
    ...actor(),
    keyIds: Schema.Array(Arbitraries.stringMatching(/dek_01[0-9A-HJKMNP-TV-Z]{24}/)),
    ...keyContext()
  }))
) {}

/**
 * The data of an event of a key encryption key.
 *
 * @see https://workos.com/docs/events/vault
 */
export class KeyEncryptionKeyInEvent extends Schema.Opaque<KeyEncryptionKeyInEvent>()(
  Wire.Struct(() => ({ ...actor(), keyName: Arbitraries.stringMatching(/[a-z]{3,8}-kek/), ...keyId() }))
) {}

/**
 * The data of the event of a customer-managed key that was deleted.
 *
 * @see https://workos.com/docs/events/vault
 */
export class CustomerKeyDeleted extends Schema.Opaque<CustomerKeyDeleted>()(Wire.Struct(provider)) {}

/**
 * The data of the event of a completed verification of a customer-managed key.
 *
 * @see https://workos.com/docs/events/vault
 */
export class CustomerKeyVerified extends Schema.Opaque<CustomerKeyVerified>()(
  Wire.Struct(() => ({ ...provider(), verified: Schema.Boolean }))
) {}
