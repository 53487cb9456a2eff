// The registry of declarations, one for each resource.
import { UnknownEventName } from "@effect-workos/domain/events/Event"
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Struct from "effect/Struct"
import { authentication } from "./Authentication.ts"
import { authenticationChallenges, authenticationFactors } from "./AuthenticationFactors.ts"
import { authorizedApplications } from "./AuthorizedApplications.ts"
import { connectedAccounts, dataProviders } from "./DataProviders.ts"
import { featureFlags } from "./FeatureFlags.ts"
import { userApiKeys } from "./UserApiKeys.ts"
import { connections } from "./Connections.ts"
import { corsOrigins } from "./CorsOrigins.ts"
import type { Declarations } from "./Declaration.ts"
import { emailVerifications } from "./EmailVerifications.ts"
import { events } from "./Events.ts"
import { jwtTemplate } from "./JwtTemplate.ts"
import { magicAuth } from "./MagicAuth.ts"
import { groups } from "./Groups.ts"
import { invitations } from "./Invitations.ts"
import * as NotFound from "./NotFound.ts"
import { organizationDomains } from "./OrganizationDomains.ts"
import { organizationMemberships } from "./OrganizationMemberships.ts"
import { organizations } from "./Organizations.ts"
import { passwordlessSessions } from "./PasswordlessSessions.ts"
import { passwordResets } from "./PasswordResets.ts"
import { radarChallenges } from "./RadarChallenges.ts"
import { redirectUris } from "./RedirectUris.ts"
import * as SignIn from "./SignIn.ts"
import { sso } from "./Sso.ts"
import * as StoreTables from "./StoreTables.ts"
import { widgets } from "./Widgets.ts"
import { sessions } from "./Sessions.ts"
import { users } from "./UserAccounts.ts"

/**
 * The declaration of each resource. Seed data are generated in this order: add a new resource at the end, so that the data
 * of other resources do not change.
 */
export const handlers: Declarations<typeof resources> = {
  connections,
  organizations,
  organizationDomains,
  events,
  sso,
  directories: { events: { deleted: UnknownEventName.make("dsync.deleted") } },
  portal: {
    actions: {
      generateLink: Effect.fnUntraced(function* ({ payload }, { store }) {
        if (store.organizations.get(payload.organization) === undefined) {
          return yield* NotFound.make("Organization", payload.organization)
        }
        return { link: Redacted.make(`https://setup.workos.com?token=${yield* SignIn.secret}`) }
      })
    }
  },
  authentication,
  users,
  organizationMemberships,
  invitations,
  sessions,
  groups,
  magicAuth,
  emailVerifications,
  passwordResets,
  radarChallenges,
  redirectUris,
  corsOrigins,
  jwtTemplate,
  authenticationFactors,
  authenticationChallenges,
  widgets,
  passwordlessSessions,
  userApiKeys,
  featureFlags,
  dataProviders,
  connectedAccounts,
  authorizedApplications
}

const described: Readonly<Record<keyof typeof handlers, Resource>> = resources

/** All resources with their declarations. */
export const entries: ReadonlyArray<StoreTables.Entry> = Struct.keys(handlers).map((name) => ({
  declaration: handlers[name],
  resource: described[name]
}))

/** The indexes of the event log. */
export const eventIndexes = StoreTables.indexesOf({ declaration: handlers.events, resource: resources.events })
