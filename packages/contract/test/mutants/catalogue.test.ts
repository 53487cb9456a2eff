// Tests of the mutants: each differs from the emulator in exactly its own fault.
import { sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { catalogue } from "./catalogue.ts"
import { relist } from "./Listing.ts"
import { parseRequest, type Mutant } from "./Mutant.ts"
import { idAt, create, get, list, organization, type Probe, remove, type ProbeResponse, unknownId } from "./Probe.ts"

const seed = Effect.runSync(Effect.cached(Effect.orDie(Seed.make({ connections: 250, organizations: 12, seed: 7 }))))

// Shared keys, so that equal tokens have equal signatures, and since generating keys is slow.
const keys = Effect.runSync(Keys.make)
await Effect.runPromise(keys.jwks)

// Timeouts in milliseconds, shorter than slow responses. The first one is longer than any response of the emulator.
const timeout = 3000
const timeoutOfSlow = 50

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const idIn = (body: unknown): string =>
  typeof body === "object" && body !== null && "id" in body && typeof body.id === "string" ? body.id : ""

const noResponse: ProbeResponse = { status: 0, headers: {}, body: "no response", id: "" }

const send = async (fetch: typeof globalThis.fetch, request: Request, timeout: number): Promise<ProbeResponse> => {
  try {
    const response = await fetch(new Request(request, { signal: AbortSignal.timeout(timeout) }))
    const body = parse(await response.text())
    const headers = Object.fromEntries(response.headers)
    // A HEAD request is only about the headers.
    if (request.method !== "HEAD") delete headers["content-length"]
    // Request ids are unique, so only their presence is compared.
    if ("x-request-id" in headers) headers["x-request-id"] = "…"
    return { status: response.status, headers, body, id: idIn(body) }
  } catch {
    return noResponse
  }
}

const conforming: Mutant["mutate"] = (fetch) => fetch

// The responses of a server to probes, with a new store that is equal every time.
const responsesOf = Effect.fnUntraced(function* (
  mutate: Mutant["mutate"],
  probes: (store: Store.Store["Service"]) => ReadonlyArray<Probe>,
  millis = timeout
) {
  const store = yield* Store.make(yield* seed).pipe(Random.withSeed(1))
  const emulator = yield* Emulator.fetch({ keys }).pipe(Effect.provideService(Store.Store, store), Random.withSeed(1))
  const fetch = mutate(emulator, store)
  const responses: Array<ProbeResponse> = []
  for (const probe of probes(store)) {
    const request = typeof probe === "function" ? probe(responses) : probe
    responses.push(yield* Effect.promise(() => send(fetch, request, millis)))
  }
  return responses
})

const named = sample(catalogue, 40).map((mutant) => ({ name: mutant.id, mutant }))

const isMixed = ({ law }: Mutant) => law.startsWith("lifecycle/")
const everything = (store: Store.Store["Service"]) => [
  list("limit=100"),
  list("limit=0"),
  list(`order=asc&before=${idAt(store, 90)}`),
  get(idAt(store, 90)),
  get(unknownId),
  create({ organization_id: organization(store), name: "New" }),
  create({ organization_id: organization(store), name: 7 }),
  remove(idAt(store, 7)),
  remove(unknownId)
]

const isAboutRefusals = ({ law }: Mutant) => law.startsWith("access/") || law.startsWith("responses/")
const withWrongKey = (store: Store.Store["Service"]) =>
  everything(store).map((request) => new Request(request, { headers: { authorization: "Bearer sk_wrong" } }))

const isAboutInput = ({ law }: Mutant) => law.startsWith("input/") || law === "responses/error-body"
const isContentType = ({ law }: Mutant) => law === "responses/content-type"

const conformed = new Map<string, ReadonlyArray<ProbeResponse>>()

const bad = () =>
  ["limit=0", "limit=abc", "order=sideways", "after=nonsense", `after=${unknownId}`].map((query) => list(query))

const lists = (store: Store.Store["Service"]) => {
  const organizationId = store.organizations.rows[0]?.id
  const filters = [
    "",
    "connection_type=OktaSAML",
    `organization_id=${organizationId}`,
    "search=oo",
    "domain=group.example"
  ]
  const combined = [...filters, filters.slice(1, 3).join("&"), filters.slice(2, 4).join("&"), "search=nothing"]
  const cursors = [0, 1, 57, 124, 248, 249].flatMap((place) => [
    `after=${idAt(store, place)}`,
    `before=${idAt(store, place)}`
  ])
  const queries = combined.flatMap((filter) =>
    ["", "order=asc", "order=desc", "order=normal"].flatMap((order, index) =>
      ["", ...cursors].map((cursor, place) => {
        const limit = ["", "limit=1", "limit=7", "limit=100"][(index + place) % 4] ?? ""
        return [filter, order, cursor, limit].filter((part) => part !== "").join("&")
      })
    )
  )
  return sample(queries, 100).map((query) => list(query))
}

describe("the catalogue", () => {
  it("mutants have unique ids in kebab-case", () => {
    const ids = catalogue.map(({ id }) => id)
    assert.deepStrictEqual([...new Set(ids)], ids)
    for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  it("the catalogue has at least 75 mutants, at least 50 of which are subtle", () => {
    assert.isAtLeast(catalogue.length, 75)
    assert.isAtLeast(catalogue.filter(({ subtle }) => subtle === true).length, 50)
  })

  it("each mutant is described in a unique sentence", () => {
    const summaries = catalogue.map(({ summary }) => summary)
    assert.strictEqual(new Set(summaries).size, summaries.length)
    for (const summary of summaries) assert.match(summary, /^[A-Z].*[^.]$/)
  })
})

describe("a mutant", () => {
  it.effect.each(named)("the mutant `$name` differs from the emulator, deterministically", ({ mutant }) =>
    Effect.gen(function* () {
      const expected = yield* responsesOf(conforming, mutant.shows)
      // Every probe of a slow mutant is slow.
      const mutated = responsesOf(
        mutant.mutate,
        mutant.shows,
        mutant.law === "responses/time" ? timeoutOfSlow : timeout
      )
      const responses = yield* mutated
      assert.notDeepEqual(responses, expected)
      for (const { status } of expected) assert.notInclude([0, 500], status)
      assert.deepStrictEqual(yield* mutated, responses)
    })
  )

  it.effect.each(named)("the mutant `$name` differs from the emulator in its own fault only", ({ mutant }) =>
    Effect.gen(function* () {
      const probes = (store: Store.Store["Service"]) => [
        ...(isMixed(mutant)
          ? []
          : everything(store).filter((request) => parseRequest(request).operation !== mutant.operation)),
        ...(isAboutRefusals(mutant) ? [] : withWrongKey(store)),
        ...(isAboutInput(mutant) || isContentType(mutant) ? [] : bad())
      ]
      // The emulator's responses do not depend on the mutant, so they are cached.
      const key = [mutant.operation, isMixed, isAboutRefusals, isAboutInput, isContentType].map((is) =>
        typeof is === "string" ? is : is(mutant)
      )
      const expected = conformed.get(key.join()) ?? (yield* responsesOf(conforming, probes))
      conformed.set(key.join(), expected)
      assert.deepStrictEqual(yield* responsesOf(mutant.mutate, probes), expected)
    })
  )
})

describe("relist", () => {
  it.effect("`relist` lists like the emulator if no step is replaced", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* responsesOf(relist({}), lists), yield* responsesOf(conforming, lists))
    })
  )
})
