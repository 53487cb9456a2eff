// Intended differences between `WorkOsApi` and WorkOS's OpenAPI descriptions.
//
// Each entry has a pattern of places, the editions to which it applies, the exact difference, and the reason. The
// comparison fails for a difference that no entry explains, and for an entry that explains no difference. Operations that
// editions do not list have separate entries.
import { ofAuthentication } from "./intended/authentication.ts"
import { ofConnections } from "./intended/connections.ts"
import { everyEdition, type IntendedDifference, type UnlistedOperation } from "./intended/entries.ts"
import { ofAllOperations } from "./intended/errors.ts"
import { ofEvents } from "./intended/events.ts"
import { ofOrganizations } from "./intended/organizations.ts"
import { ofPipes, unlistedInPipes } from "./intended/pipes.ts"
import { ofPortal } from "./intended/portal.ts"
import { ofSso } from "./intended/sso.ts"
import { ofUsers } from "./intended/users.ts"
import { ofUserManagement, unlistedInUserManagement } from "./intended/user-management.ts"

export const unlistedOperations: ReadonlyArray<UnlistedOperation> = [
  {
    operation: "POST /connections",
    editions: everyEdition,
    because:
      "The newest edition of the reference page documents this operation, for environments with the feature " +
      "`connections-api-migrations-capabilities-api`."
  },
  ...unlistedInUserManagement,
  ...unlistedInPipes
]

export const intendedDifferences: ReadonlyArray<IntendedDifference> = [
  ...ofAllOperations,
  ...ofConnections,
  ...ofOrganizations,
  ...ofSso,
  ...ofEvents,
  ...ofPortal,
  ...ofUserManagement,
  ...ofAuthentication,
  ...ofUsers,
  ...ofPipes
]
