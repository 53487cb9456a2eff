// Where `WorkOsApi` differs from WorkOS's OpenAPI descriptions on purpose.
//
// Each entry names places by pattern, the editions it holds for, what exactly differs, and why. The comparison fails on
// every difference that no entry explains, and on every entry that explains none. Operations that editions do not list
// have entries of their own.
import { ofConnections } from "./intended/connections.ts"
import { everyEdition, type IntendedDifference, type UnlistedOperation } from "./intended/entries.ts"
import { ofAllOperations } from "./intended/errors.ts"
import { ofEvents } from "./intended/events.ts"
import { ofOrganizations } from "./intended/organizations.ts"
import { ofPortal } from "./intended/portal.ts"
import { ofSso } from "./intended/sso.ts"

export const unlistedOperations: ReadonlyArray<UnlistedOperation> = [
  {
    operation: "POST /connections",
    editions: everyEdition,
    because:
      "The newest edition of the reference page has it, for environments with the feature " +
      "`connections-api-migrations-capabilities-api`."
  }
]

export const intendedDifferences: ReadonlyArray<IntendedDifference> = [
  ...ofAllOperations,
  ...ofConnections,
  ...ofOrganizations,
  ...ofSso,
  ...ofEvents,
  ...ofPortal
]
