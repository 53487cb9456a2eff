/**
 * The data of events of agent registrations.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { Timestamp } from "../Timestamp.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an agent registration: `agent_reg_…`.
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export const AgentRegistrationId = Id.make("agent_reg").pipe(Schema.brand("AgentRegistrationId"))
export type AgentRegistrationId = typeof AgentRegistrationId.Type

const nullable = { required: true, nullable: true }

const reference = () => ({ agentRegistrationId: AgentRegistrationId })

/**
 * The registration of an agent.
 *
 * **Example** (Revoking what an agent received)
 *
 * ```ts
 * import type { AgentRegistrationId } from "@effect-workos/domain/agents/AgentRegistrationEvent"
 * import * as Event from "@effect-workos/domain/events/Event"
 *
 * declare const revokeAll: (id: AgentRegistrationId) => void
 *
 * const handle = (event: Event.Event): void => {
 *   if (Event.is("agent.registration.revoked", "agent.registration.expired")(event)) {
 *     revokeAll(event.data.agentRegistrationId)
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export class AgentRegistration extends Schema.Opaque<AgentRegistration>()(
  ApiObject.make("agent_registration", AgentRegistrationId, () => ({
    agentIdentity: Wire.Struct(() => ({
      object: ApiObject.kindOf("agent_identity"),
      id: Id.make("agent_identity"),
      userlandUserId: Lenient.optional(UserId, nullable)
    })),
    organizationId: OrganizationId,
    status: OpenEnum.make(["unverified", "verified", "expired", "revoked"], /[a-z]{4,8}ing/),
    kind: OpenEnum.make(["anonymous", "service_auth", "identity_assertion"], /[a-z]{4,8}_auth/),
    method: OpenEnum.make(["anonymous", "service_auth", "id_jag"], /[a-z]{4,8}_auth/)
  }))
) {}

/**
 * An attempt of a user to claim the registration of an agent. `loginHint` is the user's email address.
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export class AgentClaimAttempt extends Schema.Opaque<AgentClaimAttempt>()(
  ApiObject.make("agent_registration_claim_attempt", Id.make("agent_reg_claim_attempt"), () => ({
    ...reference(),
    agentRegistrationClaimId: Id.make("agent_reg_claim"),
    loginHint: Arbitraries.EmailAddress,
    expiresAt: Timestamp
  }))
) {}

/**
 * A completed claim of the registration of an agent.
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export class AgentClaim extends Schema.Opaque<AgentClaim>()(
  ApiObject.make("agent_registration_claim", Id.make("agent_reg_claim"), () => ({
    ...reference(),
    completedByAttemptId: Id.make("agent_reg_claim_attempt"),
    claimedBy: Wire.Struct(() => ({ userId: UserId, organizationId: Lenient.optional(OrganizationId, nullable) })),
    completedAt: Timestamp
  }))
) {}

/**
 * A credential of an agent: an API key with `apiKeyId`, or an access token with `jti` and `expiresAt`.
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export class AgentCredential extends Schema.Opaque<AgentCredential>()(
  ApiObject.make("agent_registration_credential", Id.make("agent_reg_credential"), () => ({
    ...reference(),
    detail: Wire.Struct(() => ({
      kind: OpenEnum.make(["api_key", "access_token"], /[a-z]{4,8}_key/),
      apiKeyId: Lenient.optional(Arbitraries.stringMatching(/api_key_01[0-9A-HJKMNP-TV-Z]{24}/)),
      jti: Lenient.optional(Arbitraries.stringMatching(/01[0-9A-HJKMNP-TV-Z]{24}/)),
      expiresAt: Lenient.optional(Timestamp, { nullable: true })
    }))
  }))
) {}

/**
 * The data of the other events of the registration of an agent: the id of the registration.
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export class AgentRegistrationReference extends Schema.Opaque<AgentRegistrationReference>()(Wire.Struct(reference)) {}

/**
 * The data of the event of a registration that moved to another organization.
 *
 * @see https://workos.com/docs/events/agent-registration
 */
export class AgentOrganizationSwitched extends Schema.Opaque<AgentOrganizationSwitched>()(
  Wire.Struct(() => ({ ...reference(), fromOrganizationId: OrganizationId, toOrganizationId: OrganizationId }))
) {}
