// Mutants that accept undocumented bodies.
import { respond, crash, makeMutant, type Mutant, type Mutate, rewriteResponse } from "./Mutant.ts"
import { create, organization } from "./Probe.ts"

const parseJson = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === "object" && body !== null ? { ...body } : {}
  } catch {
    return {}
  }
}

// Repairs the body of a refused creation and retries.
const repairing = (
  repair: (
    body: Readonly<Record<string, unknown>>,
    store: Parameters<Mutate>[1]
  ) => Readonly<Record<string, unknown>> | undefined
): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const copy = parsed.request.clone()
    const response = await emulator(parsed.request)
    if (parsed.operation !== "connections.create" || response.status !== 422) return response
    const repaired = repair(parseJson(await copy.text()), store)
    const { headers, method, url } = parsed.request
    return repaired === undefined
      ? response
      : emulator(new Request(url, { method, headers, body: JSON.stringify(repaired) }))
  })

/**
 * Mutants for input/malformed-body.
 */
export const bodies: ReadonlyArray<Mutant> = [
  {
    id: "numbers-become-names",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection with a name that is not a string",
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
    summary: "Creates a connection without the invalid fields",
    writes: true,
    subtle: true,
    mutate: repairing(({ organization_id, ...rest }) =>
      Object.keys(rest).length > 0 ? { organization_id } : undefined
    ),
    shows: (store) => [create({ organization_id: organization(store), external_id: [] })]
  },
  {
    id: "missing-organization-is-the-first",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection in the first organization if the body has no organization",
    writes: true,
    mutate: repairing((body, store) =>
      typeof body["organization_id"] === "string" ? undefined : { ...body, organization_id: organization(store) }
    ),
    shows: () => [create({})]
  },
  {
    id: "unknown-types-become-no-type",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection without a type if the type is unknown",
    writes: true,
    subtle: true,
    mutate: repairing(({ connection_type, ...body }) => (connection_type === undefined ? undefined : body)),
    shows: (store) => [create({ organization_id: organization(store), connection_type: "Nonsense" })]
  },
  {
    id: "broken-json-crashes",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Returns 500 for a body that is not a JSON object",
    writes: true,
    mutate: rewriteResponse("connections.create", 400, crash),
    shows: () => [create("{")]
  },
  {
    id: "broken-json-is-fine",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Returns 200 for a body that is not a JSON object, and creates nothing",
    writes: true,
    subtle: true,
    mutate: rewriteResponse("connections.create", 400, respond(200, {})),
    shows: () => [create("[]")]
  }
]
