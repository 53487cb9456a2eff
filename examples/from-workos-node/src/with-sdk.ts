// The program with the official SDK.
import { NotFoundException, OauthException, SignatureVerificationException, type WorkOS } from "@workos-inc/node"
import type { AuthorizationRequest, Customer, Person } from "./Questions.ts"

/** Returns the customer with an external id, and all active connections. Returns `undefined` if the id is unknown. */
export const customer = async (workos: WorkOS, externalId: string): Promise<Customer | undefined> => {
  try {
    const { id, name } = await workos.organizations.getOrganizationByExternalId(externalId)
    const list = await workos.sso.listConnections({ organizationId: id })
    const connections = await list.autoPagination()
    return { id, name, active: connections.flatMap(({ id, state }) => (state === "active" ? [id] : [])) }
  } catch (error) {
    if (error instanceof NotFoundException) return undefined
    throw error
  }
}

export const startSignIn = (
  workos: WorkOS,
  clientId: string,
  organization: string,
  redirectUri: string
): Promise<AuthorizationRequest> => workos.sso.getAuthorizationUrlWithPKCE({ clientId, organization, redirectUri })

/** Exchanges the code of a sign-in for the user. Returns `undefined` if the code is invalid. */
export const whoIsBack = async (
  workos: WorkOS,
  clientId: string,
  code: string,
  codeVerifier: string
): Promise<Person | undefined> => {
  try {
    const { profile } = await workos.sso.getProfileAndToken({ clientId, code, codeVerifier })
    return { email: profile.email, organizationId: profile.organizationId ?? null }
  } catch (error) {
    if (error instanceof OauthException && error.error === "invalid_grant") return undefined
    throw error
  }
}

/** Fetches the ids of the latest 20 events that report an activated connection. */
export const activations = async (workos: WorkOS): Promise<ReadonlyArray<string>> => {
  const { data } = await workos.events.listEvents({ events: ["connection.activated"], order: "desc", limit: 20 })
  return data.map(({ id }) => id)
}

/** Returns the id of the connection that a webhook reports as deactivated. Returns `undefined` for other webhooks. */
export const deactivated = async (
  workos: WorkOS,
  payload: string,
  sigHeader: string,
  secret: string
): Promise<string | undefined> => {
  try {
    const event = await workos.webhooks.constructEvent({ payload, sigHeader, secret })
    return event.event === "connection.deactivated" ? event.data.id : undefined
  } catch (error) {
    if (error instanceof SignatureVerificationException) return undefined
    throw error
  }
}
