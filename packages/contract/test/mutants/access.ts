// Mutants that let in whom they should not, or tell those whom they keep out too much.
import { rowOf } from "./Listing.ts"
import {
  answer,
  type Mutant,
  type Operation,
  refuse,
  rewriteAnswer,
  rewriteRequest,
  withHeader,
  type Mutate
} from "./Mutant.ts"
import { ask, at, key, list, organization } from "./Probe.ts"

// Lets in whoever has such a header; it is empty where there is none.
const admitting = (operation: Operation, isGood: (authorization: string) => boolean): Mutate =>
  rewriteRequest((asked) =>
    asked.operation === operation && isGood(asked.request.headers.get("authorization") ?? "")
      ? withHeader(asked, "authorization", `Bearer ${key}`)
      : asked.request
  )

// The same, by what comes after the scheme.
const admittingKeys = (operation: Operation, isGood: (given: string) => boolean): Mutate =>
  admitting(operation, (authorization) => {
    const given = /^Bearer (.+)$/i.exec(authorization)?.[1]
    return given !== undefined && isGood(given)
  })

const strangers = (
  operation: Operation,
  isMeant: (authorization: string) => boolean,
  rewrite: ReturnType<typeof answer>
) =>
  rewriteAnswer(operation, 401, (answer, asked, store) =>
    isMeant(asked.request.headers.get("authorization") ?? "") ? rewrite(answer, asked, store) : answer
  )

const isNone = (authorization: string) => authorization === ""
const isKey = (authorization: string) => /^Bearer ./i.test(authorization)

const rowsFor: ReturnType<typeof answer> = (refusal, asked, store) =>
  answer(401, { message: "Unauthorized", data: store.connections.rows.slice(-10).map(rowOf) })(refusal, asked, store)

const rowFor: ReturnType<typeof answer> = (refusal, asked, store) => {
  const connection = store.connections.get(asked.id)
  return connection === undefined
    ? refusal
    : answer(401, { message: "Unauthorized", ...rowOf(connection) })(refusal, asked, store)
}

const listAs =
  (authorization: string | undefined): Mutant["shows"] =>
  () => [list("limit=5", { authorization })]

const getAs =
  (authorization: string | undefined): Mutant["shows"] =>
  (store) => [ask(`/connections/${at(store, 0)}`, { authorization })]

/**
 * access/no-key: nothing without a key.
 */
const none: ReadonlyArray<Mutant> = [
  {
    id: "lists-are-public",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Lists connections to everybody who sends no key",
    mutate: admitting("connections.list", isNone),
    shows: listAs(undefined)
  },
  {
    id: "connections-are-public",
    law: "access/no-key",
    operation: "connections.get",
    summary: "Shows a connection to everybody who sends no key",
    subtle: true,
    mutate: admitting("connections.get", isNone),
    shows: getAs(undefined)
  },
  {
    id: "no-key-is-forbidden",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Answers 403 in the place of 401 where there is no key",
    mutate: strangers("connections.list", isNone, refuse(403, "Forbidden")),
    shows: listAs(undefined)
  },
  {
    id: "no-key-sees-an-empty-list",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Shows an empty list to everybody who sends no key",
    subtle: true,
    mutate: strangers(
      "connections.list",
      isNone,
      answer(200, { object: "list", data: [], list_metadata: { before: null, after: null } })
    ),
    shows: listAs(undefined)
  },
  {
    id: "no-key-is-refused-with-data",
    law: "access/no-key",
    operation: "connections.list",
    summary: "Answers 401 where there is no key, and the rows with it",
    subtle: true,
    mutate: strangers("connections.list", isNone, rowsFor),
    shows: listAs(undefined)
  },
  {
    id: "everybody-deletes",
    law: "access/no-key",
    operation: "connections.delete",
    summary: "Deletes for everybody who sends no key",
    writes: true,
    mutate: admitting("connections.delete", isNone),
    shows: (store) => [ask(`/connections/${at(store, 0)}`, { method: "DELETE", authorization: undefined })]
  },
  {
    id: "everybody-creates",
    law: "access/no-key",
    operation: "connections.create",
    summary: "Creates for everybody who sends no key",
    writes: true,
    mutate: admitting("connections.create", isNone),
    shows: (store) => [
      ask("/connections", {
        method: "POST",
        authorization: undefined,
        body: { organization_id: organization(store) }
      })
    ]
  }
]

/**
 * access/wrong-key: nothing with a key that is not the right one.
 */
const wrong: ReadonlyArray<Mutant> = [
  {
    id: "any-key-will-do",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts any key",
    mutate: admittingKeys("connections.list", () => true),
    shows: listAs("Bearer sk_wrong")
  },
  {
    id: "any-key-will-do-for-one",
    law: "access/wrong-key",
    operation: "connections.get",
    summary: "Accepts any key where a connection is got",
    subtle: true,
    mutate: admittingKeys("connections.get", () => true),
    shows: getAs("Bearer sk_wrong")
  },
  {
    id: "keys-of-the-same-length",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts any key that is as long as the right one",
    subtle: true,
    mutate: admittingKeys("connections.list", ({ length }) => length === key.length),
    shows: listAs(`Bearer ${"x".repeat(key.length)}`)
  },
  {
    id: "keys-that-start-alike",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts what starts with the right key and goes on",
    subtle: true,
    mutate: admittingKeys("connections.list", (given) => given.startsWith(key)),
    shows: listAs(`Bearer ${key}x`)
  },
  {
    id: "keys-cut-short",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Accepts the beginning of the right key",
    subtle: true,
    mutate: admittingKeys("connections.list", (given) => key.startsWith(given)),
    shows: listAs(`Bearer ${key.slice(0, -1)}`)
  },
  {
    id: "wrong-key-is-forbidden",
    law: "access/wrong-key",
    operation: "connections.list",
    summary: "Answers 403 in the place of 401 where the key is wrong",
    mutate: strangers("connections.list", isKey, refuse(403, "Forbidden")),
    shows: listAs("Bearer sk_wrong")
  },
  {
    id: "wrong-key-is-refused-with-data",
    law: "access/wrong-key",
    operation: "connections.get",
    summary: "Answers 401 where the key is wrong, and the connection with it",
    subtle: true,
    mutate: strangers("connections.get", isKey, rowFor),
    shows: getAs("Bearer sk_wrong")
  }
]

/**
 * access/malformed-header: nothing with a header that is not a bearer's.
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
    summary: "Accepts every header that holds no key after Bearer",
    mutate: admitting("connections.list", (authorization) => !isNone(authorization) && !isKey(authorization)),
    shows: listAs("Bearer")
  },
  {
    id: "malformed-header-is-forbidden",
    law: "access/malformed-header",
    operation: "connections.get",
    summary: "Answers 403 in the place of 401 where the header is malformed",
    mutate: strangers(
      "connections.get",
      (authorization) => !isNone(authorization) && !isKey(authorization),
      refuse(403, "Malformed Authorization header")
    ),
    shows: getAs(key)
  }
]

export const access: ReadonlyArray<Mutant> = [...none, ...wrong, ...malformed]
