// Mutants that answer methods and bodies which nobody documented.
import { answer, type Asked, crash, inFront, type Mutant, type Mutate, type Rewrite, rewriteAnswer } from "./Mutant.ts"
import { ask, at, create, key, organization } from "./Probe.ts"

// Answers where the emulator knows of no such method. The key has to be right.
const answering = (isMeant: (method: string, asked: Asked) => boolean, rewrite: Rewrite): Mutate =>
  inFront((emulator, store) => async (asked) => {
    const { headers, method } = asked.request
    const answer = await emulator(asked.request)
    const isAllowed = answer.status === 404 && headers.get("authorization") === `Bearer ${key}`
    return isAllowed && asked.operation === undefined && isMeant(method, asked) ? rewrite(answer, asked, store) : answer
  })

/**
 * input/undocumented-method: methods that no document names.
 */
const methods: ReadonlyArray<Mutant> = [
  {
    id: "put-to-one-succeeds",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Answers 200 to PUT of a connection",
    mutate: answering((method, { id }) => method === "PUT" && id !== "", answer(200, {})),
    shows: (store) => [ask(`/connections/${at(store, 0)}`, { method: "PUT", body: {} })]
  },
  {
    id: "post-to-one-succeeds",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Answers 200 to POST of a connection that exists",
    subtle: true,
    mutate: answering((method, { id }) => method === "POST" && id !== "", answer(200, {})),
    shows: (store) => [ask(`/connections/${at(store, 0)}`, { method: "POST", body: {} })]
  },
  {
    id: "put-to-all-crashes",
    law: "input/undocumented-method",
    operation: "connections.list",
    summary: "Answers 500 to PUT of all connections",
    mutate: answering((method, { path }) => method === "PUT" && path === "/connections", crash),
    shows: () => [ask("/connections", { method: "PUT", body: {} })]
  }
]

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === "object" && body !== null ? { ...body } : {}
  } catch {
    return {}
  }
}

// Repairs the body of a creation that was refused, and tries again.
const repairing = (
  repair: (
    body: Readonly<Record<string, unknown>>,
    store: Parameters<Mutate>[1]
  ) => Readonly<Record<string, unknown>> | undefined
): Mutate =>
  inFront((emulator, store) => async (asked) => {
    const copy = asked.request.clone()
    const answer = await emulator(asked.request)
    if (asked.operation !== "connections.create" || answer.status !== 422) return answer
    const repaired = repair(parsed(await copy.text()), store)
    const { headers, method, url } = asked.request
    return repaired === undefined
      ? answer
      : emulator(new Request(url, { method, headers, body: JSON.stringify(repaired) }))
  })

/**
 * input/malformed-body: bodies that are not what a creation needs.
 */
const malformedBodies: ReadonlyArray<Mutant> = [
  {
    id: "numbers-become-names",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection whose name is no string",
    writes: true,
    mutate: repairing(({ name, ...body }) =>
      name === undefined || typeof name === "string" ? undefined : { ...body, name: JSON.stringify(name) }
    ),
    shows: (store) => [create({ organization_id: organization(store), name: 7 })]
  },
  {
    id: "wrong-fields-dropped",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection without the fields that are wrong",
    writes: true,
    subtle: true,
    mutate: repairing(({ organization_id, ...rest }) =>
      Object.keys(rest).length > 0 ? { organization_id } : undefined
    ),
    shows: (store) => [create({ organization_id: organization(store), external_id: [] })]
  },
  {
    id: "some-organization-will-do",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection in the first organization where the body names none",
    writes: true,
    mutate: repairing((body, store) =>
      typeof body["organization_id"] === "string" ? undefined : { ...body, organization_id: organization(store) }
    ),
    shows: () => [create({})]
  },
  {
    id: "unknown-types-are-chosen-later",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection without a type where the type is unknown",
    writes: true,
    subtle: true,
    mutate: repairing(({ connection_type, ...body }) => (connection_type === undefined ? undefined : body)),
    shows: (store) => [create({ organization_id: organization(store), connection_type: "Nonsense" })]
  },
  {
    id: "broken-json-crashes",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Answers 500 to a body that is no JSON object",
    writes: true,
    mutate: rewriteAnswer("connections.create", 400, crash),
    shows: () => [create("{")]
  },
  {
    id: "broken-json-is-fine",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Answers 200 to a body that is no JSON object, and creates nothing",
    writes: true,
    subtle: true,
    mutate: rewriteAnswer("connections.create", 400, answer(200, {})),
    shows: () => [create("[]")]
  }
]

export const bodies: ReadonlyArray<Mutant> = [...methods, ...malformedBodies]
