// The endpoints of organizations, answered from memory.
import * as ApiError from "@effect-workos/domain/ApiError"
import type {
  CreateOrganization,
  Organization,
  OrganizationQuery,
  UpdateOrganization
} from "@effect-workos/domain/organizations/Organization"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Result from "effect/Result"
import * as IdGenerator from "./IdGenerator.ts"
import * as Domains from "./Domains.ts"
import { EmulatedApi } from "./EmulatedApi.ts"
import * as Lists from "./Lists.ts"
import * as NotFound from "./NotFound.ts"
import { type Organizations, Store } from "../Store.ts"

const noun = "Organization"

// It is gone at once, but what WorkOS documents is a request that was accepted.
const accepted = HttpServerResponse.empty({ status: 202 })

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "organizations",
  Effect.fnUntraced(function* (handlers) {
    const { organizations } = yield* Store

    return handlers
      .handle("list", ({ query }) => Lists.page(organizations, "organization", query, conditionsOf(query)))
      .handle("getByExternalId", ({ params: { external_id: id } }) =>
        NotFound.ifUndefined(noun, id)(organizations.findBy("externalId", id)[0])
      )
      .handle("get", ({ params: { id } }) => NotFound.ifUndefined(noun, id)(organizations.get(id)))
      .handle(
        "create",
        Effect.fnUntraced(function* ({ payload }) {
          const ids = yield* IdGenerator.current
          // From here on nothing waits, and no effect is run that may make room for others, so that of two requests for
          // the same thing only one creates it.
          const { createdAt, id } = ids.next(organizations, "org")
          const organization: Organization = {
            object: "organization",
            id: OrganizationId.make(id),
            name: payload.name,
            domains: [],
            metadata: {},
            externalId: null,
            createdAt,
            updatedAt: createdAt
          }
          const created = changed(organizations, organization, payload, { ...ids, now: createdAt })
          if (Result.isFailure(created)) return yield* created.failure
          organizations.set(created.success)
          return created.success
        })
      )
      .handle(
        "update",
        Effect.fnUntraced(function* ({ params, payload }) {
          const ids = yield* IdGenerator.current
          const organization = organizations.get(params.id)
          if (organization === undefined) return yield* NotFound.make(noun, params.id)
          const updated = changed(organizations, organization, payload, ids)
          if (Result.isFailure(updated)) return yield* updated.failure
          // What changes nothing is no update.
          if (Equal.equals(organization, updated.success)) return organization
          const organizationNow = {
            ...updated.success,
            updatedAt: IdGenerator.updateTime(ids.now, organization.updatedAt)
          }
          organizations.set(organizationNow)
          return organizationNow
        })
      )
      .handle("delete", ({ params: { id } }) =>
        Effect.as(NotFound.ifFalse(noun, id)(organizations.remove(id)), accepted)
      )
  })
)

const conditionsOf = ({ domains, search }: OrganizationQuery) => {
  const where: Array<readonly ["domain", ReadonlyArray<string>]> = []
  if (domains !== undefined) where.push(["domain", domains.map((domain) => domain.toLowerCase())])
  return { where, matches: ({ name }: Organization) => Lists.contains(name, search) }
}

const used = (code: string, message: string) => Result.fail(new ApiError.BadRequest({ code, message }))

// The organization as it is asked to be. What is absent stays as it was.
const changed = (
  organizations: Organizations,
  organization: Organization,
  payload: CreateOrganization | UpdateOrganization,
  ids: IdGenerator.IdGenerator
): Result.Result<Organization, ApiError.BadRequest | ApiError.Conflict | ApiError.UnprocessableEntity> => {
  const { allowProfilesOutsideOrganization, domainData, externalId, metadata, name = organization.name } = payload
  const { stripeCustomerId: had, ...same } = organization
  const stripeCustomerId = "stripeCustomerId" in payload ? payload.stripeCustomerId : had
  const isElsewhere = (index: "externalId" | "stripeCustomerId", value: string | null | undefined) =>
    typeof value === "string" && organizations.findBy(index, value).some(({ id }) => id !== organization.id)

  if (isElsewhere("externalId", externalId)) {
    return used("external_id_already_used", `Another organization has the external id '${externalId}'.`)
  }
  if (isElsewhere("stripeCustomerId", stripeCustomerId)) {
    const message = `Another organization has the Stripe customer id '${stripeCustomerId}'.`
    return used("stripe_customer_id_already_used", message)
  }
  const domains =
    domainData === undefined
      ? Result.succeed(organization.domains)
      : Domains.asGiven(organizations, organization, domainData, ids)
  return Result.map(domains, (domains) => ({
    ...same,
    name,
    domains,
    ...(metadata === undefined ? {} : { metadata: metadata ?? {} }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(typeof stripeCustomerId === "string" ? { stripeCustomerId } : {}),
    ...(allowProfilesOutsideOrganization === undefined ? {} : { allowProfilesOutsideOrganization })
  }))
}
