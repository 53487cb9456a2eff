// Probes for AuthKit: requests of one user, an organization and sessions.
import * as Clients from "@effect-workos/emulator/Clients"
import { createOrganization, key, type Probe, type ProbeResponse, requestTo } from "./Probe.ts"

/** The user of the probes. */
export const user = { email: "zaphod@example.com", email_verified: true, password: "Heart-of-gold-is-improbable-42" }

type Earlier = ReadonlyArray<ProbeResponse>

/** Returns a text of an earlier response, or "". */
export const textIn = (earlier: Earlier, index: number, name: string): string =>
  String(Object(earlier[index]?.body)[name] ?? "")

/** Returns the id of an earlier response. */
export const idIn = (earlier: Earlier, index: number): string => earlier[index]?.id ?? ""

/** Returns a request that sends JSON. */
export const post = (path: string, body?: object, method: "POST" | "PUT" | "DELETE" = "POST"): Request =>
  requestTo(path, { method, ...(body === undefined ? {} : { body }) })

/** Returns a request that creates the user. */
export const createUser = (): Request => post("/user_management/users", user)

/** Returns a request that authenticates with a grant. */
export const authenticate = (grant: object): Request =>
  requestTo("/user_management/authenticate", {
    method: "POST",
    authorization: undefined,
    body: { client_id: Clients.defaultClientId, client_secret: key, ...grant }
  })

/** Returns a request that signs the user in with a password. */
export const signIn = (password = user.password): Request =>
  authenticate({ grant_type: "password", email: user.email, password })

/** Returns a request that uses the refresh token of an earlier response. */
export const refresh =
  (index: number, organization?: number): Probe =>
  (earlier) =>
    authenticate({
      grant_type: "refresh_token",
      refresh_token: textIn(earlier, index, "refresh_token"),
      ...(organization === undefined ? {} : { organization_id: idIn(earlier, organization) })
    })

/** Returns the session of an earlier response: the claim `sid` of the access token. */
export const sessionIn = (earlier: Earlier, index: number): string => {
  const [, claims = ""] = textIn(earlier, index, "access_token").split(".")
  return String(JSON.parse(Buffer.from(claims, "base64url").toString() || "{}").sid)
}

/** Returns a request that lists the sessions of the user, whom an earlier request created. */
export const listSessions: Probe = (earlier) => requestTo(`/user_management/users/${idIn(earlier, 0)}/sessions`)

/** The user, an organization, and the membership of the user: the first three probes. */
export const member = (): ReadonlyArray<Probe> => [
  createUser(),
  createOrganization({ name: "Zaphod's" }),
  (earlier) =>
    post("/user_management/organization_memberships", {
      user_id: idIn(earlier, 0),
      organization_id: idIn(earlier, 1),
      role_slug: "admin"
    })
]
