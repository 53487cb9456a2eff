// The operations on organizations, on their domains and on their Admin Portal: how each is called, what it sends, and which
// errors WorkOS documents for it.
import type * as Effect from "effect/Effect"
import type { WorkOs } from "../src/WorkOs.ts"
import { organizationDomainId as domainId, organizationId as id } from "./samples.ts"

/** A call of one. */
export type Call = (
  workos: WorkOs["Service"]
) => Effect.Effect<unknown, { readonly _tag: string; readonly message: string }>

export interface Operation {
  readonly name: string
  readonly call: Call
  /** What it sends: the method and the URL, and the body where it has one. */
  readonly sends: readonly [line: string, body?: unknown]
  /** The statuses that WorkOS documents for it beside its successes. */
  readonly documented: ReadonlyArray<number>
}

const of = (
  name: string,
  call: Call,
  sends: Operation["sends"],
  documented: ReadonlyArray<number>
): readonly [string, Operation] => [name, { name, call, sends, documented: [401, ...documented, 429] }]

export const operations = [
  of("organizations.get", ({ organizations }) => organizations.get(id), [`GET /organizations/${id}`], [404]),
  of(
    "encoded organizations.get",
    ({ organizations }) => organizations.get.encoded(id),
    [`GET /organizations/${id}`],
    [404]
  ),
  of(
    "organizations.getByExternalId",
    ({ organizations }) => organizations.getByExternalId("acme 1/2"),
    ["GET /organizations/external_id/acme%201%2F2"],
    [404]
  ),
  of(
    "encoded organizations.getByExternalId",
    ({ organizations }) => organizations.getByExternalId.encoded("acme-1"),
    ["GET /organizations/external_id/acme-1"],
    [404]
  ),
  of("organizations.list", ({ organizations }) => organizations.list(), ["GET /organizations?order=desc"], [422]),
  of(
    "encoded organizations.list",
    ({ organizations }) => organizations.list.encoded({ domains: ["a.example", "b.example"], search: "a&b", limit: 5 }),
    ["GET /organizations?limit=5&order=desc&domains=a.example%2Cb.example&search=a%26b"],
    [422]
  ),
  of(
    "organizations.create",
    ({ organizations }) =>
      organizations.create({
        name: "Foo Corp",
        externalId: "foo-1",
        metadata: { theTier: "diamond" },
        domainData: [{ domain: "foo.example", state: "pending" }],
        allowProfilesOutsideOrganization: false
      }),
    [
      "POST /organizations",
      {
        name: "Foo Corp",
        external_id: "foo-1",
        metadata: { theTier: "diamond" },
        domain_data: [{ domain: "foo.example", state: "pending" }],
        allow_profiles_outside_organization: false
      }
    ],
    [400, 409, 422]
  ),
  of(
    "organizations.update",
    ({ organizations }) =>
      organizations.update(id, { stripeCustomerId: "cus_R9qWAGMQ6nGE7V", externalId: null, metadata: null }),
    [`PUT /organizations/${id}`, { stripe_customer_id: "cus_R9qWAGMQ6nGE7V", external_id: null, metadata: null }],
    [400, 403, 404, 409, 422]
  ),
  of(
    "organizations.delete",
    ({ organizations }) => organizations.delete(id),
    [`DELETE /organizations/${id}`],
    [403, 404]
  ),
  of(
    "organizationDomains.get",
    ({ organizationDomains }) => organizationDomains.get(domainId),
    [`GET /organization_domains/${domainId}`],
    [404]
  ),
  of(
    "organizationDomains.create",
    ({ organizationDomains }) => organizationDomains.create({ organizationId: id, domain: "foo.example" }),
    ["POST /organization_domains", { organization_id: id, domain: "foo.example" }],
    [400, 404, 409, 422]
  ),
  of(
    "organizationDomains.verify",
    ({ organizationDomains }) => organizationDomains.verify(domainId),
    [`POST /organization_domains/${domainId}/verify`],
    [400, 404]
  ),
  of(
    "organizationDomains.delete",
    ({ organizationDomains }) => organizationDomains.delete(domainId),
    [`DELETE /organization_domains/${domainId}`],
    [404]
  ),
  of(
    "portal.generateLink",
    ({ portal }) => portal.generateLink({ organization: id, intent: "sso", returnUrl: "https://app.example" }),
    ["POST /portal/generate_link", { organization: id, intent: "sso", return_url: "https://app.example" }],
    [400, 403, 404, 422]
  )
]
