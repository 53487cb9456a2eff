// The mutants themselves: that there are enough, that each is one, and that it is no more than it says.
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { catalogue } from "./catalogue.ts"
import { relist } from "./Listing.ts"
import { askedBy, type Mutant } from "./Mutant.ts"
import { at, create, get, list, organization, type Probe, remove, type Seen, unknownId } from "./Probe.ts"

const seed = Effect.runSync(Effect.cached(Effect.orDie(Seed.make({ connections: 250, organizations: 12, seed: 7 }))))

// The same keys for all, so that the same tokens are signed in the same way; and making them takes its time.
const keys = Effect.runSync(Keys.make)
await Effect.runPromise(keys.jwks)

// Longer than the emulator takes for anything, and shorter than slow answers take. In milliseconds.
const limit = 500

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const idIn = (body: unknown): string =>
  typeof body === "object" && body !== null && "id" in body && typeof body.id === "string" ? body.id : ""

const unanswered: Seen = { status: 0, headers: {}, body: "no answer", id: "" }

const see = async (fetch: typeof globalThis.fetch, request: Request): Promise<Seen> => {
  try {
    const answer = await fetch(new Request(request, { signal: AbortSignal.timeout(limit) }))
    const body = parse(await answer.text())
    const headers = Object.fromEntries(answer.headers)
    delete headers["content-length"]
    // A request has an id of its own; what matters is that there is one.
    if ("x-request-id" in headers) headers["x-request-id"] = "…"
    return { status: answer.status, headers, body, id: idIn(body) }
  } catch {
    return unanswered
  }
}

const conforming: Mutant["mutate"] = (fetch) => fetch

// What a server answers to probes, in a store of its own that is the same every time.
const answersOf = Effect.fnUntraced(function* (
  mutate: Mutant["mutate"],
  probes: (store: Store.Store["Service"]) => ReadonlyArray<Probe>
) {
  const store = yield* Store.make(yield* seed).pipe(Random.withSeed(1))
  const emulator = yield* Emulator.fetch({ keys }).pipe(Effect.provideService(Store.Store, store), Random.withSeed(1))
  const fetch = mutate(emulator, store)
  const answers: Array<Seen> = []
  for (const probe of probes(store)) {
    const request = typeof probe === "function" ? probe(answers) : probe
    answers.push(yield* Effect.promise(() => see(fetch, request)))
  }
  return answers
})

const named = catalogue.map((mutant) => ({ name: mutant.id, mutant }))

const isMixed = ({ law }: Mutant) => law.startsWith("lifecycle/")
const everything = (store: Store.Store["Service"]) => [
  list("limit=100"),
  list("limit=0"),
  list(`order=asc&before=${at(store, 90)}`),
  get(at(store, 90)),
  get(unknownId),
  create({ organization_id: organization(store), name: "New" }),
  create({ organization_id: organization(store), name: 7 }),
  remove(at(store, 7)),
  remove(unknownId)
]

const isAboutRefusals = ({ law }: Mutant) => law.startsWith("access/") || law.startsWith("responses/")
const asStranger = (store: Store.Store["Service"]) =>
  everything(store).map((request) => new Request(request, { headers: { authorization: "Bearer sk_wrong" } }))

const isAboutInput = ({ law }: Mutant) => law.startsWith("input/") || law === "responses/error-body"
const isContentType = ({ law }: Mutant) => law === "responses/content-type"

const conformed = new Map<string, ReadonlyArray<Seen>>()

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
    `after=${at(store, place)}`,
    `before=${at(store, place)}`
  ])
  return combined.flatMap((filter) =>
    ["", "order=asc", "order=desc", "order=normal"].flatMap((order, index) =>
      ["", ...cursors].map((cursor, place) => {
        const limit = ["", "limit=1", "limit=7", "limit=100"][(index + place) % 4] ?? ""
        return list([filter, order, cursor, limit].filter((part) => part !== "").join("&"))
      })
    )
  )
}

describe("the catalogue", () => {
  it("names each mutant once, in kebab-case", () => {
    const ids = catalogue.map(({ id }) => id)
    assert.deepStrictEqual([...new Set(ids)], ids)
    for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  it("has at least 75 mutants, of which many are subtle", () => {
    assert.isAtLeast(catalogue.length, 75)
    assert.isAtLeast(catalogue.filter(({ subtle }) => subtle === true).length, 50)
  })

  it("says in one sentence what each mutant does, and what none of the others does", () => {
    const summaries = catalogue.map(({ summary }) => summary)
    assert.strictEqual(new Set(summaries).size, summaries.length)
    for (const summary of summaries) assert.match(summary, /^[A-Z].*[^.]$/)
  })
})

describe("a mutant", () => {
  it.effect.each(named)("$name is not the emulator, and the same every time", ({ mutant }) =>
    Effect.gen(function* () {
      const expected = yield* answersOf(conforming, mutant.shows)
      const answers = yield* answersOf(mutant.mutate, mutant.shows)
      assert.notDeepEqual(answers, expected)
      for (const { status } of expected) assert.notInclude([0, 500], status)
      assert.deepStrictEqual(yield* answersOf(mutant.mutate, mutant.shows), answers)
    })
  )

  it.effect.each(named)("$name breaks nothing but what it says", ({ mutant }) =>
    Effect.gen(function* () {
      const asked = (store: Store.Store["Service"]) => [
        ...(isMixed(mutant)
          ? []
          : everything(store).filter((request) => askedBy(request).operation !== mutant.operation)),
        ...(isAboutRefusals(mutant) ? [] : asStranger(store)),
        ...(isAboutInput(mutant) || isContentType(mutant) ? [] : bad())
      ]
      // The emulator answers the same requests in the same way, whichever mutant they are for.
      const key = [mutant.operation, isMixed, isAboutRefusals, isAboutInput, isContentType].map((is) =>
        typeof is === "string" ? is : is(mutant)
      )
      const expected = conformed.get(key.join()) ?? (yield* answersOf(conforming, asked))
      conformed.set(key.join(), expected)
      assert.deepStrictEqual(yield* answersOf(mutant.mutate, asked), expected)
    })
  )
})

describe("relist", () => {
  it.effect("lists as the emulator does where no step is changed", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* answersOf(relist({}), lists), yield* answersOf(conforming, lists))
    })
  )
})
