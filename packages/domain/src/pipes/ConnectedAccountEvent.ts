/**
 * The data of events of connected accounts.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { Timestamp } from "../Timestamp.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"
import { ConnectedAccountId, ConnectedAccountState } from "./ConnectedAccount.ts"

const nullable = { required: true, nullable: true }

const fields = () => ({
  dataIntegrationId: Arbitraries.stringMatching(/data_integration_01[0-9A-HJKMNP-TV-Z]{24}/),
  providerSlug: Arbitraries.stringMatching(/(?:github|notion|slack)/),
  userId: Lenient.optional(UserId, nullable),
  organizationId: Lenient.optional(OrganizationId, nullable)
})

/**
 * The data of an event of a connected account. `providerSlug` is the provider, for example `github`.
 *
 * @see https://workos.com/docs/events/pipes
 */
export class ConnectedAccountInEvent extends Schema.Opaque<ConnectedAccountInEvent>()(
  ApiObject.make("connected_account", ConnectedAccountId, () => ({
    ...fields(),
    scopes: Lenient.withDefault(
      Schema.Array(Arbitraries.stringMatching(/(?:repo|files|user):(?:read|write)/)),
      () => []
    ),
    state: ConnectedAccountState
  }))
) {}

/**
 * The data of the event of an account that a user could not connect.
 *
 * **Details**
 *
 * - `errorCode`, `errorReason`: the error of WorkOS.
 * - `providerError`, `providerErrorDescription`: the error of the provider, for example `access_denied`.
 *
 * **Example** (A message for the user)
 *
 * ```ts
 * import type { ConnectedAccountFailed } from "@effect-workos/domain/pipes/ConnectedAccountEvent"
 *
 * const message = ({ errorCode, providerError, providerSlug }: ConnectedAccountFailed): string =>
 *   providerError === "access_denied" ? `You did not allow access to ${providerSlug}.` : `${providerSlug}: ${errorCode}`
 * ```
 *
 * @see https://workos.com/docs/events/pipes
 */
export class ConnectedAccountFailed extends Schema.Opaque<ConnectedAccountFailed>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("connection_failed"),
    ...fields(),
    errorCode: Arbitraries.stringMatching(/(?:access_denied|authorization_code_exchange_error)/),
    errorReason: Lenient.optional(Arbitraries.stringMatching(/The [a-z]{4,9} has expired\./), nullable),
    providerError: Lenient.optional(Arbitraries.stringMatching(/(?:access_denied|server_error)/), nullable),
    providerErrorDescription: Lenient.optional(Arbitraries.stringMatching(/The [a-z]{4,9} failed\./), nullable),
    createdAt: Timestamp
  }))
) {}
