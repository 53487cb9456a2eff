// The input for the generator of a seeded row: a customer, a creation time and random choices.
import { ulidDigits } from "@effect-workos/domain/Id"
import type * as Random from "effect/Random"
import * as Ulid from "../Ulid.ts"
import type { EncodedRowOf, SeedName } from "./Tables.ts"

/** A customer of the emulated account, from which an organization is generated. */
export interface Customer {
  /** The time of creation of the organization, in milliseconds. */
  readonly created: number
  /** The id of the organization. */
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly externalId: string
}

/** Random choices. */
export interface Choices {
  /** Returns an integer from 0 to `bound` - 1. */
  readonly below: (bound: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(values: ReadonlyArray<A>) => A
  /** Makes an id with a time in milliseconds. */
  readonly id: (prefix: string, time: number) => string
  /** Makes a string of random letters and digits. */
  readonly letters: (length: number) => string
}

/** The input for the `seed` function of a declaration, which generates one row. */
export interface SeedRow extends Choices {
  readonly index: number
  /** The time of creation in milliseconds. */
  readonly created: number
  /** The customer to whom the row belongs. Some rows belong to no customer. */
  readonly customer: Customer | undefined
  /** Returns the encoded rows of a resource whose declaration is before this one. */
  readonly rowsOf: RowsOf
}

/** Returns the encoded rows of a resource. */
export type RowsOf = <Name extends SeedName>(name: Name) => ReadonlyArray<EncodedRowOf<Name>>

/** Makes random choices from a source of random numbers. */
export const choices = (random: Random.Random): Choices => {
  const below = (bound: number) => Math.floor(random.nextDoubleUnsafe() * bound)
  return {
    below,
    chance: (probability) => random.nextDoubleUnsafe() < probability,
    pick: (values) => values[below(values.length)]!,
    id: (prefix, time) => `${prefix}_${Ulid.make(time, random)}`,
    letters: (length) => Array.from({ length }, () => ulidDigits[below(32)]).join("")
  }
}

const names = ["Acme", "Contoso", "Fabrikam", "Foo", "Globex", "Hooli", "Initech", "Müller", "Northwind", "Vandelay"]
const kinds = ["Bank", "Corp", "GmbH", "Group", "Inc", "Labs", "Systems", "大阪"]

const firstDay = Date.UTC(2020, 0, 1)
const lastDay = Date.UTC(2026, 0, 1)

/** The time at which open rows expire, such as sessions. Seeds do not depend on the clock, so the time is distant. */
export const distantFuture = "2100-01-01T00:00:00.000Z"

/** A month in milliseconds. */
export const month = 30 * 24 * 60 * 60 * 1000

/** Generates customers. */
export const customers = (count: number, { below, id, pick }: Choices): ReadonlyArray<Customer> =>
  Array.from({ length: count }, (_, index) => {
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

/** Generates inputs for rows of a resource other than organizations. Each customer has a row if `count` is large enough. */
export const rows = function* (
  count: number,
  customers: ReadonlyArray<Customer>,
  choices: Choices,
  rowsOf: RowsOf
): Generator<SeedRow, void> {
  const { below, chance, pick } = choices
  const distance = (2 * (lastDay - firstDay)) / Math.max(count, 1)
  let created = firstDay
  for (let index = 0; index < count; index++) {
    // One row in eight is created in the same millisecond as the row before.
    if (!chance(1 / 8)) created = Math.min(created + 1 + below(distance), lastDay)
    const customer = index < customers.length ? customers[index] : chance(0.95) ? pick(customers) : undefined
    yield { ...choices, index, created, customer, rowsOf }
  }
}
