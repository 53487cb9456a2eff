// What differs in the sign-in flow.
import { adds, everyEdition, onlyOurs, onlyTheirs, optionalInOurs, type IntendedDifference } from "./entries.ts"

export const ofSso: ReadonlyArray<IntendedDifference> = [
  {
    place: /^GET \/sso\/authorize · 200 · body\.url · format$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "What comes is followed and not taken apart, so that nobody asks whether it is a URL."
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
    because: "RFC 6749, 4.1.2.1: what is wrong with the client or the redirect URI is not told to the redirect URI."
  },
  {
    place: / \/sso\/logout(\/authorize)? · 422( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page has it for what is malformed, here a token or an id that is missing."
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
    because: "Deprecated: `organization` and `connection` say whom to sign in with."
  },
  {
    place: /^GET \/sso\/authorize · query prompt · /,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Edition 0.61 has it."
  },
  {
    place: /^GET \/sso\/jwks\/\{clientId\} · 200 · body\.keys\[\]\.(x5c|x5t#S256) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "RFC 7517 does without a certificate, and so does verification."
  },
  {
    place: /^GET \/sso\/jwks\/\{clientId\} · 200 · body\.keys\[\]\.(alg|use) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "RFC 7517 does without what a key is for, and it can be for nothing else."
  },
  {
    place: /^(GET \/sso\/profile|POST \/sso\/token) · 200 · body(\.profile)?\.connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "XOAuth"),
    because: "Edition 0.61 knows two types more."
  },
  {
    place: /^(GET \/sso\/profile|POST \/sso\/token) · 200 · body(\.profile)?\.name · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "`first_name` and `last_name` say as much, so a profile without it is none the worse."
  },
  {
    place: /^GET \/sso\/profile · 401 · body( · type$|\.error · )/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "This is one of our two alternatives for 401, where `error` may be any text."
  },
  {
    place: /^POST \/sso\/(token|logout\/authorize) · 201$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "It has no body in either edition, so that nobody could use it: the answer is the 200 beside it."
  },
  {
    place: /^POST \/sso\/(token|logout\/authorize) · 400 · body( · type$|\.error(_description)? · )/,
    editions: everyEdition,
    differs: onlyTheirs,
    because:
      "This is the first of our two alternatives for 400, where `error` may have any name, as an `OAuthError`, and the " +
      "description may be absent, as RFC 6749 allows, or `null`."
  },
  {
    place: /^POST \/sso\/(token|logout\/authorize) · 400 · body( · alternatives$|\([12]\))/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "Beside OAuth's form there is `message` and `code`, in which all other operations tell their 400."
  },
  {
    place: /^POST \/sso\/token · 403( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page has 403 for what an application may not do, which OAuth calls `unauthorized_client`."
  },
  {
    place: /^POST \/sso\/token · application\/json\.client_secret · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "A public client has a code verifier in its place."
  },
  {
    place: /^POST \/sso\/token · application\/json\.code_verifier · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The reference page documents PKCE, and the official SDK sends it."
  },
  {
    place: /^POST \/sso\/token · application\/json\.grant_type · enum$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Servers answer `unsupported_grant_type` to any other, and so must read it."
  },
  {
    place: /^POST \/sso\/token · application\/x-www-form-urlencoded/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The reference page's requests and the official SDK's are forms, as RFC 6749 wants them."
  },
  {
    place: /^POST \/sso\/token · query (client_id|client_secret|code|grant_type) · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "They are sent in the body: a URL ends up in logs, and two of them are secrets."
  }
]
