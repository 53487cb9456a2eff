// Mutants with faulty access control.
import { rowOf } from "./Listing.ts"
import {
  respond,
  type Mutant,
  type Operation,
  refuse,
  rewriteResponse,
  rewriteRequest,
  withHeader,
  type Mutate
} from "./Mutant.ts"
import { requestTo, idAt, key, list, organization } from "./Probe.ts"

// Accepts headers that satisfy a predicate; the header is empty if absent.
const admitting = (operation: Operation, isGood: (authorization: string) => boolean): Mutate =>
  rewriteRequest((parsed) =>
    parsed.operation === operation && isGood(parsed.request.headers.get("authorization") ?? "")
      ? withHeader(parsed, "authorization", `Bearer ${key}`)
      : parsed.request
  )

// Accepts keys that satisfy a predicate.
const admittingKeys = (operation: Operation, isGood: (given: string) => boolean): Mutate =>
  admitting(operation, (authorization) => {
    const given = /^Bearer (.+)$/i.exec(authorization)?.[1]
    return given !== undefined && isGood(given)
  })

const strangers = (
  operation: Operation,
  isMeant: (authorization: string) => boolean,
  rewrite: ReturnType<typeof respond>
) =>
  rewriteResponse(operation, 401, (response, parsed, store) =>
    isMeant(parsed.request.headers.get("authorization") ?? "") ? rewrite(response, parsed, store) : response
  )

const isNone = (authorization: string) => authorization === ""
const isKey = (authorization: string) => /^Bearer ./i.test(authorization)

const rowsFor: ReturnType<typeof respond> = (refusal, parsed, store) =>
  respond(401, { message: "Unauthorized", data: store.connections.rows.slice(-10).map(rowOf) })(refusal, parsed, store)

const rowFor: ReturnType<typeof respond> = (refusal, parsed, store) => {
  const connection = store.connections.get(parsed.id)
  return connection === undefined
    ? refusal
    : respond(401, { message: "Unauthorized", ...rowOf(connection) })(refusal, parsed, store)
}

const listAs =
  (authorization: string | undefined): Mutant["shows"] =>
  () => [list("limit=5", { authorization })]

const getAs =
  (authorization: string | undefined): Mutant["shows"] =>
  (store) => [requestTo(`/connections/${idAt(store, 0)}`, { authorization })]

/**
 * Mutants for access/no-key.
 */
const none: ReadonlyArray<Mutant> = [
  {
    id: "lists-are-public",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Lists connections without a key",
    mutate: admitting("connections.list", isNone),
    shows: listAs(undefined)
  },
  {
    id: "connections-are-public",
    law: "access/no-key",
    operation: "connections.get",
    summary: "Returns a connection without a key",
    subtle: true,
    mutate: admitting("connections.get", isNone),
    shows: getAs(undefined)
  },
  {
    id: "no-key-is-forbidden",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Returns 403 instead of 401 without a key",
    mutate: strangers("connections.list", isNone, refuse(403, "Forbidden")),
    shows: listAs(undefined)
  },
  {
    id: "no-key-sees-an-empty-list",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Returns an empty list without a key",
    subtle: true,
    mutate: strangers(
      "connections.list",
      isNone,
      respond(200, { object: "list", data: [], list_metadata: { before: null, after: null } })
    ),
    shows: listAs(undefined)
  },
  {
    id: "no-key-is-refused-with-data",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Returns 401 with rows in the body without a key",
    subtle: true,
    mutate: strangers("connections.list", isNone, rowsFor),
    shows: listAs(undefined)
  },
  {
    id: "deletes-without-a-key",
    law: "access/no-key",
    operation: "connections.delete",
    summary: "Deletes a connection without a key",
    writes: true,
    mutate: admitting("connections.delete", isNone),
    shows: (store) => [requestTo(`/connections/${idAt(store, 0)}`, { method: "DELETE", authorization: undefined })]
  },
  {
    id: "creates-without-a-key",
    law: "access/no-key",
    operation: "connections.create",
    summary: "Creates a connection without a key",
    writes: true,
    mutate: admitting("connections.create", isNone),
    shows: (store) => [
      requestTo("/connections", {
        method: "POST",
        authorization: undefined,
        body: { organization_id: organization(store) }
      })
    ]
  }
]

/**
 * Mutants for access/wrong-key.
 */
const wrong: ReadonlyArray<Mutant> = [
  {
    id: "any-key-is-accepted",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts any key",
    mutate: admittingKeys("connections.list", () => true),
    shows: listAs("Bearer sk_wrong")
  },
  {
    id: "any-key-reads-one-connection",
    law: "access/wrong-key",
    operation: "connections.get",
    summary: "Accepts any key for reading a connection",
    subtle: true,
    mutate: admittingKeys("connections.get", () => true),
    shows: getAs("Bearer sk_wrong")
  },
  {
    id: "keys-of-the-same-length",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts any key with the length of the right one",
    subtle: true,
    mutate: admittingKeys("connections.list", ({ length }) => length === key.length),
    shows: listAs(`Bearer ${"x".repeat(key.length)}`)
  },
  {
    id: "keys-that-start-alike",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts keys that begin with the right key",
    subtle: true,
    mutate: admittingKeys("connections.list", (given) => given.startsWith(key)),
    shows: listAs(`Bearer ${key}x`)
  },
  {
    id: "keys-cut-short",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts prefixes of the right key",
    subtle: true,
    mutate: admittingKeys("connections.list", (given) => key.startsWith(given)),
    shows: listAs(`Bearer ${key.slice(0, -1)}`)
  },
  {
    id: "wrong-key-is-forbidden",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Returns 403 instead of 401 for a wrong key",
    mutate: strangers("connections.list", isKey, refuse(403, "Forbidden")),
    shows: listAs("Bearer sk_wrong")
  },
  {
    id: "wrong-key-is-refused-with-data",
    law: "access/wrong-key",
    operation: "connections.get",
    summary: "Returns 401 with the connection in the body for a wrong key",
    subtle: true,
    mutate: strangers("connections.get", isKey, rowFor),
    shows: getAs("Bearer sk_wrong")
  }
]

/**
 * Mutants for access/malformed-header.
 */
const malformed: ReadonlyArray<Mutant> = [
  {
    id: "key-without-scheme",
    law: "access/malformed-header",
    operation: "connections.list",
    summary: "Accepts the key without a scheme",
    subtle: true,
    mutate: admitting("connections.list", (authorization) => authorization === key),
    shows: listAs(key)
  },
  {
    id: "basic-scheme",
    law: "access/malformed-header",
    operation: "connections.list",
    summary: "Accepts the key after the scheme Basic",
    subtle: true,
    mutate: admitting("connections.list", (authorization) => /^Basic /i.test(authorization)),
    shows: listAs(`Basic ${key}`)
  },
  {
    id: "any-scheme",
    law: "access/malformed-header",
    operation: "connections.get",
    summary: "Accepts the key after any scheme",
    subtle: true,
    mutate: admitting("connections.get", (authorization) => authorization.endsWith(` ${key}`)),
    shows: getAs(`Basic ${key}`)
  },
  {
    id: "any-malformed-header",
    law: "access/malformed-header",
    operation: "connections.list",
    summary: "Accepts every header without a key after Bearer",
    mutate: admitting("connections.list", (authorization) => !isNone(authorization) && !isKey(authorization)),
    shows: listAs("Bearer")
  },
  {
    id: "malformed-header-is-forbidden",
    law: "access/malformed-header",
    operation: "connections.get",
    summary: "Returns 403 instead of 401 for a malformed header",
    mutate: strangers(
      "connections.get",
      (authorization) => !isNone(authorization) && !isKey(authorization),
      refuse(403, "Malformed Authorization header")
    ),
    shows: getAs(key)
  }
]

export const access: ReadonlyArray<Mutant> = [...none, ...wrong, ...malformed]
