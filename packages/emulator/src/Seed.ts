// Generated data for the emulator, deterministic for each seed number.
//
// The data includes what real accounts have and what is easily overlooked: connections of every type and state, connections
// created in the same millisecond, without an organization, with none, one, several or shared domains; organizations with
// domains in every state; and the events of their history.
import { Connection, ConnectionState, ConnectionType } from "@effect-workos/domain/sso/Connection"
import type { Event } from "@effect-workos/domain/events/Event"
import { Organization } from "@effect-workos/domain/organizations/Organization"
import { OrganizationDomainState } from "@effect-workos/domain/organizations/OrganizationDomain"
import { ulidDigits } from "@effect-workos/domain/Id"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as History from "./internal/History.ts"
import * as Ulid from "./Ulid.ts"

/**
 * Options of a seed.
 */
export interface Options {
  /** The number of connections. */
  readonly connections: number
  /** The number of organizations. */
  readonly organizations: number
  /** The seed number. Equal numbers generate equal data. */
  readonly seed: number
}

/**
 * The generated rows and events.
 */
export interface Seed {
  /** Oldest first. */
  readonly organizations: ReadonlyArray<Organization>
  /** Oldest first. */
  readonly connections: ReadonlyArray<Connection>
  /** The history of the rows, oldest first. */
  readonly events: ReadonlyArray<Event>
}

const firstDay = Date.UTC(2020, 0, 1)
const lastDay = Date.UTC(2026, 0, 1)
const month = 30 * 24 * 60 * 60 * 1000

const names = ["Acme", "Contoso", "Fabrikam", "Foo", "Globex", "Hooli", "Initech", "Müller", "Northwind", "Vandelay"]
const kinds = ["Bank", "Corp", "GmbH", "Group", "Inc", "Labs", "Systems", "大阪"]
const sharedDomains = ["contractors.example", "group.example", "students.example"]
const tiers = ["bronze", "gold", "silver"]
const types = ConnectionType.known.filter((type) => type !== "Pending")

/**
 * Generates the data of a seed. Every organization has at least one connection if there are enough connections.
 *
 * **Example** (The names of organizations)
 *
 * ```ts
 * import * as Seed from "@effect-workos/emulator/Seed"
 * import * as Effect from "effect/Effect"
 *
 * const options: Seed.Options = { connections: 10, organizations: 2, seed: 1 }
 *
 * const names = Effect.map(Seed.make(options), ({ organizations }: Seed.Seed) => organizations.map(({ name }) => name))
 * ```
 */
export const make = ({ connections, organizations, seed }: Options): Effect.Effect<Seed, Schema.SchemaError> =>
  Effect.gen(function* () {
    const random = yield* Random.Random
    const below = (bound: number) => Math.floor(random.nextDoubleUnsafe() * bound)
    const chance = (probability: number) => random.nextDoubleUnsafe() < probability
    const pick = <A>(values: ReadonlyArray<A>): A => values[below(values.length)]!
    const id = (prefix: string, time: number) => `${prefix}_${Ulid.make(time, random)}`

    const customers = Array.from({ length: organizations }, (_, index) => {
      const created = firstDay - month + below(month)
      const word = names[index % names.length]!.replace("ü", "ue").toLowerCase()
      return {
        created,
        id: id("org", created),
        name: `${names[index % names.length]} ${pick(kinds)}`,
        domain: `${word}-${index + 1}.example`,
        externalId: `customer-${index + 1}`
      }
    })

    const encoded: Array<typeof Connection.Encoded> = []
    const distance = (2 * (lastDay - firstDay)) / Math.max(connections, 1)
    let created = firstDay
    for (let index = 0; index < connections; index++) {
      // One in eight is created in the same millisecond as the one before.
      if (!chance(1 / 8)) created = Math.min(created + 1 + below(distance), lastDay)
      const customer = index < organizations ? customers[index] : chance(0.95) ? pick(customers) : undefined
      const type = chance(0.3) ? "OktaSAML" : chance(0.03) ? "Pending" : pick(types)
      const state = type === "Pending" ? "requires_type" : chance(0.7) ? "active" : pick(ConnectionState.known.slice(1))
      const domains = new Set<string>()
      if (customer !== undefined && chance(0.85)) domains.add(customer.domain)
      if (customer !== undefined && chance(0.1)) domains.add(`mail.${customer.domain}`)
      if (chance(0.1)) domains.add(pick(sharedDomains))
      encoded.push({
        object: "connection",
        id: id("conn", created),
        ...(customer === undefined ? {} : { organization_id: customer.id }),
        connection_type: type,
        name: customer === undefined ? `Unassigned ${index + 1}` : `${customer.name} ${below(9) + 1}`,
        state,
        status: state === "active" ? "linked" : "unlinked",
        domains: Array.from(domains, (domain) => ({
          object: "connection_domain",
          id: id("org_domain", created),
          domain
        })),
        ...(type.endsWith("SAML") ? { options: { signing_cert: chance(0.1) ? certificate(below) : null } } : {}),
        created_at: new Date(created).toISOString(),
        updated_at: new Date(created + (chance(0.5) ? 0 : below(month))).toISOString()
      })
    }

    const encodedOrganizations = customers.map(({ created, domain, externalId, id: organizationId, name }) => {
      const updated = chance(0.5) ? created : created + 1 + below(month)
      const domains = new Set<string>()
      if (chance(0.9)) domains.add(domain)
      if (chance(0.15)) domains.add(`mail.${domain}`)
      return {
        object: "organization",
        id: organizationId,
        name,
        domains: Array.from(domains, (domain) => {
          const state = chance(0.7) ? "verified" : pick(OrganizationDomainState.known)
          const isByHand = state.endsWith("verified") && chance(0.2)
          return {
            object: "organization_domain",
            id: id("org_domain", created),
            organization_id: organizationId,
            domain,
            state,
            ...(isByHand
              ? { verification_strategy: "manual" }
              : {
                  verification_strategy: "dns",
                  verification_prefix: `_workos-challenge-${letters(below, 6).toLowerCase()}`,
                  verification_token: letters(below, 25)
                }),
            created_at: new Date(created).toISOString(),
            updated_at: new Date(updated).toISOString()
          } as const
        }),
        // Only updated organizations have metadata.
        metadata:
          updated === created ? {} : { tier: pick(tiers), ...(chance(0.5) ? { region: pick(["eu", "us"]) } : {}) },
        external_id: chance(0.6) ? externalId : null,
        ...(chance(0.3) ? { stripe_customer_id: `cus_${letters(below, 14)}` } : {}),
        ...(chance(0.5) ? { allow_profiles_outside_organization: chance(0.3) } : {}),
        created_at: new Date(created).toISOString(),
        updated_at: new Date(updated).toISOString()
      } satisfies typeof Organization.Encoded
    })
    const resources = {
      organizations: (yield* Schema.decodeEffect(Schema.Array(Organization))(encodedOrganizations)).toSorted(
        (a, b) => a.createdAt.epochMilliseconds - b.createdAt.epochMilliseconds
      ),
      connections: yield* Schema.decodeEffect(Schema.Array(Connection))(encoded)
    }
    return { ...resources, events: History.of(resources, random) }
  }).pipe(Random.withSeed(seed))

const letters = (below: (bound: number) => number, length: number): string =>
  Array.from({ length }, () => ulidDigits[below(32)]).join("")

const certificate = (below: (bound: number) => number): string =>
  `-----BEGIN CERTIFICATE-----\nMII${letters(below, 60)}\n-----END CERTIFICATE-----`
