// Intended differences in the sign-in flow.
import { adds, everyEdition, onlyOurs, onlyTheirs, optionalInOurs, type IntendedDifference } from "./entries.ts"

export const ofSso: ReadonlyArray<IntendedDifference> = [
  {
    place: /^GET \/sso\/authorize · 200 · body\.url · format$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Programs open the URL without parsing it, so its format is not checked."
  },
  {
    place: /^GET \/sso\/authorize · query redirect_uri · format$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Our check for a complete URL cannot be expressed in JSON Schema."
  },
  {
    place: /^GET \/sso\/authorize · (400|422)( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "RFC 6749, 4.1.2.1: errors of the client or the redirect URI are not reported to the redirect URI."
  },
  {
    place: / \/sso\/logout(\/authorize)? · 422( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page documents 422 for malformed requests, such as a missing token or id."
  },
  {
    place: /^GET \/sso\/authorize · query code_challenge(_method)? · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The reference page documents PKCE, and the official SDK sends its parameters."
  },
  {
    place: /^GET \/sso\/authorize · query domain · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Deprecated: `organization` and `connection` replace it."
  },
  {
    place: /^GET \/sso\/authorize · query prompt · /,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Edition 0.61 has this parameter."
  },
  {
    place: /^GET \/sso\/jwks\/\{clientId\} · 200 · body\.keys\[\]\.(x5c|x5t#S256) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "RFC 7517 does not require a certificate, and verification does not use one."
  },
  {
    place: /^GET \/sso\/jwks\/\{clientId\} · 200 · body\.keys\[\]\.(alg|use) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "RFC 7517 does not require these fields, and all keys of this endpoint have the same purpose."
  },
  {
    place: /^(GET \/sso\/profile|POST \/sso\/token) · 200 · body(\.profile)?\.connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "XOAuth"),
    because: "Edition 0.61 has two more types."
  },
  {
    place: /^(GET \/sso\/profile|POST \/sso\/token) · 200 · body(\.profile)?\.name · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "`first_name` and `last_name` contain the name too, so a profile without `name` is valid."
  },
  {
    place: /^POST \/sso\/(token|logout\/authorize) · 201$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because:
      "The 201 has no body in either edition, so programs could not use it. Real responses are the documented 200."
  },
  {
    place: /^POST \/sso\/token · 403( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page documents 403 for missing permissions, which OAuth calls `unauthorized_client`."
  },
  {
    place: /^POST \/sso\/token · application\/json\.client_secret · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "A public client sends a code verifier instead."
  },
  {
    place: /^POST \/sso\/token · application\/json\.code_verifier · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The reference page documents PKCE, and the official SDK sends the code verifier."
  },
  {
    place: /^POST \/sso\/token · application\/json\.grant_type · enum$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Servers respond with `unsupported_grant_type` to other values, so they must decode them."
  },
  {
    place: /^POST \/sso\/token · application\/x-www-form-urlencoded/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The requests of the reference page and of the official SDK are forms, as RFC 6749 requires."
  },
  {
    place: /^POST \/sso\/token · query (client_id|client_secret|code|grant_type) · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "These parameters are sent in the body, because two of them are secrets, and logs contain URLs."
  }
]
