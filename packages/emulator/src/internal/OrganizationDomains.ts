// The endpoints of organizations' domains, answered from memory.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { OrganizationDomain } from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Result from "effect/Result"
import * as IdGenerator from "./IdGenerator.ts"
import * as Domains from "./Domains.ts"
import { EmulatedApi } from "./EmulatedApi.ts"
import * as NotFound from "./NotFound.ts"
import { isVerified, findVerifier, Store } from "../Store.ts"

const noun = "Organization domain"

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "organizationDomains",
  Effect.fnUntraced(function* (handlers) {
    const { organizations } = yield* Store

    return handlers
      .handle(
        "create",
        Effect.fnUntraced(function* ({ payload }) {
          const ids = yield* IdGenerator.current
          const organization = organizations.get(payload.organizationId)
          if (organization === undefined) return yield* NotFound.make("Organization", payload.organizationId)
          const name = Domains.nameOf(organizations, organization.id, payload.domain)
          if (Result.isFailure(name)) return yield* name.failure
          const domain = name.success
          if (organization.domains.some((other) => other.domain.toLowerCase() === domain)) {
            return yield* Domains.alreadyExists(`The organization has the domain '${domain}' already.`)
          }
          const created = Domains.create(organization.id, { domain, state: "pending" }, ids)
          organizations.set({ ...organization, domains: [...organization.domains, created] })
          return created
        })
      )
      .handle("get", ({ params: { id } }) => NotFound.ifUndefined(noun, id)(Domains.find(organizations, id)?.domain))
      .handle("delete", ({ params }) => {
        const found = Domains.find(organizations, params.id)
        if (found === undefined) return Effect.fail(NotFound.make(noun, params.id))
        const domains = found.organization.domains.filter(({ id }) => id !== params.id)
        organizations.set({ ...found.organization, domains })
        return Effect.void
      })
      .handle(
        "verify",
        Effect.fnUntraced(function* ({ params }) {
          const { now } = yield* IdGenerator.current
          const found = Domains.find(organizations, params.id)
          if (found === undefined) return yield* NotFound.make(noun, params.id)
          const { domain, organization } = found
          if (isVerified(domain)) {
            const message = `The domain '${domain.domain}' is verified already.`
            return yield* new ApiError.BadRequest({ code: "domain_already_verified", message })
          }
          // There is no DNS to look into: the record is there, unless another organization was first.
          const state: OrganizationDomain["state"] =
            findVerifier(organizations, domain) === undefined ? "verified" : "failed"
          const updatedAt = IdGenerator.updateTime(now, domain.updatedAt)
          return Domains.put(organizations, organization, { ...domain, state, updatedAt })
        })
      )
  })
)
