// The users of the emulated identity providers. The same email address at the same connection is the same user.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { type Profile, ProfileId } from "@effect-workos/domain/sso/Profile"
import { ulidDigits } from "@effect-workos/domain/Id"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"

const firstNames = ["Ada", "Alan", "Barbara", "Edsger", "Frances", "Grace", "Jürgen", "Katherine", "María", "Rosalind"]
const lastNames = [
  "Allen",
  "Dijkstra",
  "Franklin",
  "Hopper",
  "Johnson",
  "Liskov",
  "Lovelace",
  "Meyer",
  "Nuñez",
  "Turing"
]
const departments = ["Engineering", "Finance", "Legal", "Marketing", "Sales", "Support"]
const roles = ["admin", "member", "member", "viewer"]

/** Tests whether the emulated identity providers accept an email address. */
export const isEmail = (text: string): boolean => text.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+$/u.test(text)

// Choices that depend on the digest only.
const drawsFrom = (digest: Uint8Array) => {
  let at = 0
  const below = (bound: number): number => (digest[at++ % digest.length] ?? 0) % bound
  return {
    below,
    pick: (values: ReadonlyArray<string>): string => values[below(values.length)] ?? "",
    letters: (count: number): string => Array.from({ length: count }, () => ulidDigits[below(32)]).join("")
  }
}

/** Returns the SHA-256 hash of a text. */
export const sha256 = Effect.fnUntraced(function* (text: string) {
  const { digest } = yield* Digest.Digest
  return yield* digest(Digest.sha256, new TextEncoder().encode(text))
}, Effect.provide(Digest.layerWebCrypto))

const toAscii = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase()

/**
 * Returns the email address of the default user of a connection.
 */
export const defaultEmail = Effect.fnUntraced(function* ({ domains, id }: Connection) {
  const { pick } = drawsFrom(yield* sha256(id))
  return `${toAscii(pick(firstNames))}.${toAscii(pick(lastNames))}@${domains[0]?.domain ?? "example.com"}`
})

const capitalized = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`

// ada.lovelace@… is Ada Lovelace. For other addresses, the name depends on the hash.
const namesIn = (email: string): readonly [string, string] | undefined => {
  const [, first, last] = /^(\p{L}+)[._-](\p{L}+)@/u.exec(email) ?? []
  return first === undefined || last === undefined ? undefined : [capitalized(first), capitalized(last)]
}

/** Returns the names in an email address such as `ada.lovelace@example.com`. */
export const namesOf = (email: string): { readonly firstName?: string; readonly lastName?: string } => {
  const [firstName, lastName] = namesIn(email) ?? []
  return firstName === undefined || lastName === undefined ? {} : { firstName, lastName }
}

/**
 * Returns the profile of the user with an email address at a connection.
 */
export const profileOf = Effect.fnUntraced(function* (
  connection: Connection,
  email: string
): Effect.fn.Return<Profile> {
  const address = email.toLowerCase()
  const { below, letters, pick } = drawsFrom(yield* sha256(`${connection.id} ${address}`))
  const id = ProfileId.make(`prof_01${letters(24)}`)
  const isOfOAuth = /(?:OAuth|OIDC|Oidc)$/.test(connection.connectionType)
  const idpId = `00u${letters(17)}`
  const [firstName, lastName] = namesIn(address) ?? [pick(firstNames), pick(lastNames)]
  const name = `${firstName} ${lastName}`
  const department = pick(departments)
  const role = { slug: pick(roles) }
  const groups = ["Everyone", department]
  const custom = { department, employee_id: String(1000 + below(256) * 32 + below(32)) }
  return {
    object: "profile",
    id,
    ...(connection.organizationId === undefined ? {} : { organizationId: connection.organizationId }),
    connectionId: connection.id,
    connectionType: connection.connectionType,
    idpId,
    email: address,
    firstName,
    lastName,
    name,
    role,
    roles: [role],
    groups,
    customAttributes: custom,
    rawAttributes: isOfOAuth
      ? { sub: idpId, email: address, email_verified: true, given_name: firstName, family_name: lastName, name, groups }
      : {
          id: idpId,
          email: address,
          firstName,
          lastName,
          groups,
          department,
          employeeNumber: custom.employee_id,
          [`${claims}emailaddress`]: address,
          [`${claims}nameidentifier`]: idpId
        }
  }
})

const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
