// Intended differences in user management.
import {
  containsTheirs,
  everyEdition,
  nullableInOurs,
  onlyOurs,
  onlyTheirs,
  optionalInOurs,
  type IntendedDifference,
  type UnlistedOperation
} from "./entries.ts"

const onlyIn061 = (operation: string): UnlistedOperation => ({
  operation,
  editions: ["0.1"],
  because: "Edition 0.61 added the operation."
})

const passwordless = (operation: string): UnlistedOperation => ({
  operation,
  editions: everyEdition,
  because: "Passwordless sessions are deprecated. The reference documentation and the official SDK still describe them."
})

export const unlistedInUserManagement: ReadonlyArray<UnlistedOperation> = [
  onlyIn061("GET /user_management/cors_origins"),
  passwordless("POST /passwordless/sessions"),
  passwordless("POST /passwordless/sessions/{id}/send"),
  onlyIn061("POST /user_management/radar_challenges"),
  onlyIn061("GET /user_management/radar_challenges/{id}"),
  onlyIn061("GET /user_management/redirect_uris"),
  onlyIn061("DELETE /user_management/redirect_uris/{id}")
]

export const ofUserManagement: ReadonlyArray<IntendedDifference> = [
  {
    place: /^GET \/user_management\/authorize · (200|400|422)( |$)/,
    editions: everyEdition,
    differs: ({ ours }) => ours !== undefined,
    because:
      "The endpoint responds like that of SSO: with the URL as JSON for programs that accept JSON, and with an error if " +
      "the client or the redirect URI is unknown."
  },
  {
    place: /^GET \/user_management\/authorize · query redirect_uri · format$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Our check for a complete URL cannot be expressed in JSON Schema."
  },
  {
    place: /^POST \/user_management\/authenticate · 200 · body\.(impersonator|organization_id) · type$/,
    editions: everyEdition,
    differs: nullableInOurs,
    because: "A user without an organization has none, and older parts of WorkOS send `null` for absent values."
  },
  {
    place: /^[A-Z]+ \/(user_management|auth|widgets|organizations\/\{organizationId\}\/groups)\b/,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Edition 0.61 has more parameters, fields and statuses. The comparison with 0.61 is exact."
  },
  {
    place: /^[A-Z]+ \/(user_management|auth)\b.* · enum$/,
    editions: ["0.1"],
    differs: containsTheirs,
    because: "Edition 0.61 has more values. The comparison with 0.61 is exact."
  },
  {
    place: /^POST \/user_management\/authenticate · application\/json\(.*\)\.client_secret · required$/,
    editions: ["0.1"],
    differs: optionalInOurs,
    because: "Edition 0.61 does not require the secret of a client that sends a code verifier."
  }
]
