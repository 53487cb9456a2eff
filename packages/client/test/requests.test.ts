// Requests for organizations and their domains: as they are sent, which are not, which are sent again, and what becomes of
// every answer that is no success.
import { assert, describe, it, layer } from "@effect/vitest"
import type { UpdateOrganization } from "@effect-workos/domain/organizations/Organization"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpBody from "effect/http/HttpBody"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs } from "./emulated.ts"
import { outcomeOf, expectedOutcomes, actualOutcomes } from "./status-outcomes.ts"
import { type Call, operations } from "./organization-operations.ts"
import { organization, organizationDomain, organizationDomainId as domainId, organizationId as id } from "./samples.ts"
import { withClient, runToEnd, server, type Step } from "./scripted-server.ts"
import { describeRequest, recordedClient } from "./recorded-requests.ts"

/** What an operation fails with before anything is sent. */
const refused = (call: Call) =>
  Effect.gen(function* () {
    const scripted = server([{ status: 500 }])
    const error = yield* Effect.flip(withClient(scripted, call))
    assert.strictEqual(error._tag, "InvalidRequest")
    assert.isEmpty(scripted.received)
    return error.message
  })

/** Text in the parts of which URLs are made. */
const Hostile = Schema.Array(
  Schema.Union([
    Schema.Literals([
      ".",
      "..",
      "/",
      "\\",
      "%2e",
      "%2F",
      "%",
      "%00",
      " ",
      "?",
      "#",
      ";",
      ":",
      "@",
      "//",
      "é",
      "大",
      "a"
    ]),
    Schema.String
  ])
).check(Schema.isMaxLength(5))

describe("a request", () => {
  it.effect.each(operations)("is sent as documented, with the key: %s", ([, { call, sends }]) =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      yield* watching(Effect.exit(call(workos)))
      const [request] = requests
      assert.isDefined(request)
      assert.lengthOf(requests, 1)
      const { headers, method } = request
      assert.strictEqual(headers.get("authorization"), `Bearer ${Redacted.value(Emulator.defaultApiKey)}`)
      assert.strictEqual(headers.get("content-type"), sends.length === 1 ? null : "application/json")
      assert.strictEqual(headers.has("idempotency-key"), method === "POST")
      assert.deepStrictEqual(yield* describeRequest(request), sends)
    })
  )

  it.effect.each([
    "",
    "nonsense",
    "conn_01E4ZCR3C56J083X43JQXF3JK5",
    "org_",
    "org_01E4/../../connections",
    "..",
    "org_01E4%2f..",
    "org_01E4 ZCR",
    "org_01E4?limit=1",
    "org_01E4#ZCR",
    "org_01E4\n",
    "org_Ł",
    `org_${"A".repeat(10_000)}`
  ])("is not sent for an invalid id (%#)", (wrong) =>
    Effect.gen(function* () {
      const calls: ReadonlyArray<readonly [string, Call]> = [
        ["organizations.get: id", ({ organizations }) => organizations.get(wrong)],
        ["organizations.get: id", ({ organizations }) => organizations.get.encoded(wrong)],
        ["organizations.update: id", ({ organizations }) => organizations.update(wrong, { name: "Foo Corp" })],
        ["organizations.delete: id", ({ organizations }) => organizations.delete(wrong)],
        ["organizations.list: after", ({ organizations }) => organizations.list({ after: wrong })],
        ["organizations.list: before", ({ organizations }) => organizations.list({ before: wrong })],
        [
          "organizationDomains.create: organizationId",
          ({ organizationDomains }) => organizationDomains.create({ organizationId: wrong, domain: "foo.example" })
        ]
      ]
      for (const [where, call] of calls) {
        assert.strictEqual(yield* refused(call), `${where}: Expected an id that starts with org_`)
      }
      const domain = wrong.replace("org_", "org_domain_")
      const domainCalls: ReadonlyArray<readonly [string, Call]> = [
        ["get", ({ organizationDomains }) => organizationDomains.get(domain)],
        ["verify", ({ organizationDomains }) => organizationDomains.verify(domain)],
        ["delete", ({ organizationDomains }) => organizationDomains.delete(domain)]
      ]
      for (const [name, call] of domainCalls) {
        const message = `organizationDomains.${name}: id: Expected an id that starts with org_domain_`
        assert.strictEqual(yield* refused(call), message)
      }
    })
  )

  it.effect("is not sent for an organization id in place of a domain id, and vice versa", () =>
    Effect.gen(function* () {
      assert.include(yield* refused(({ organizationDomains }) => organizationDomains.get(id)), "org_domain_")
      assert.include(yield* refused(({ organizations }) => organizations.get(domainId)), "starts with org_")
    })
  )

  it.effect.each([
    [{ limit: 0 }, "limit: Expected a value between 1 and 100"],
    [{ limit: 101 }, "limit: Expected a value between 1 and 100"],
    [{ limit: 1.5 }, "limit: Expected an integer"],
    [{ domains: ["a.example,b.example"] }, "domains: A value must not contain a comma, because commas separate values"]
  ] as const)("is not sent for the query %j", ([options, message]) =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refused(({ organizations }) => organizations.list(options)),
        `organizations.list: ${message}`
      )
    })
  )

  const ascii = "externalId: Expected 1 to 128 ASCII characters, and not just . or .."
  const longName = "k".repeat(41)
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, ""]))
  const impossible: ReadonlyArray<readonly [UpdateOrganization, string]> = [
    [{ externalId: "" }, ascii],
    [{ externalId: "a".repeat(129) }, ascii],
    [{ externalId: ".." }, ascii],
    [{ externalId: "大阪" }, ascii],
    [{ metadata: many }, "metadata: Expected a value with at most 50 entries"],
    [{ metadata: { key: "a".repeat(601) } }, "metadata.key: Expected a value with a length of at most 600"],
    [{ metadata: { [longName]: "" } }, `metadata.${longName}: Expected a name of at most 40 characters`]
  ]
  it.effect.each(impossible)("is not sent for an invalid organization (%#)", ([options, message]) =>
    Effect.gen(function* () {
      const created = yield* refused(({ organizations }) => organizations.create({ ...options, name: "Foo Corp" }))
      assert.strictEqual(created, `organizations.create: ${message}`)
      const updated = yield* refused(({ organizations }) => organizations.update(id, options))
      assert.strictEqual(updated, `organizations.update: ${message}`)
    })
  )

  it.effect.prop("keeps a hostile external id within its path segment, or is not sent", [Hostile], ([parts]) =>
    Effect.gen(function* () {
      const text = parts.join("")
      const isName = text.length >= 1 && text.length <= 128 && text !== "." && text !== ".."
      const scripted = server([{ status: 200, body: JSON.stringify(organization) }])
      const call: Call = ({ organizations }) => organizations.getByExternalId(text)
      if (!isName || [...text].some((letter) => letter > "\u007f")) {
        const message =
          "organizations.getByExternalId: external_id: Expected 1 to 128 ASCII characters, and not just . or .."
        assert.strictEqual(yield* refused(call), message)
        return
      }
      yield* withClient(scripted, call, { baseUrl: new URL("https://workos.test/prefix/") })
      const url = new URL(scripted.received[0]?.request.url ?? "")
      assert.strictEqual(url.origin + url.search + url.hash, "https://workos.test")
      const [empty, prefix, resource, kind, segment = "", ...rest] = url.pathname.split("/")
      assert.deepStrictEqual([empty, prefix, resource, kind, rest], ["", "prefix", "organizations", "external_id", []])
      assert.strictEqual(decodeURIComponent(segment), text)
    })
  )

  it.effect.prop("keeps hostile filters within their parameters", [Schema.String, Hostile], ([search, parts]) =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      const domain = parts.join("").replaceAll(",", "")
      yield* watching(Effect.ignore(workos.organizations.list({ domains: [domain, "foo.example"], search })))
      const url = new URL(requests[0]?.url ?? "")
      assert.strictEqual(url.origin + url.pathname, "https://workos.test/prefix/organizations")
      assert.deepStrictEqual([...url.searchParams.keys()].toSorted(), ["domains", "order", "search"])
    })
  )
})

layer(layerWorkOs())("an external id", (it) => {
  it.effect.prop("finds its organization, for all values", [Hostile], ([parts]) =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const externalId = `${parts
        .join("")
        .replaceAll(/[^\0-\u007f]/g, "_")
        .slice(0, 126)}-1`
      const created = yield* organizations.create({ name: "Foo Corp", externalId })
      assert.deepStrictEqual(yield* organizations.getByExternalId(externalId), created)
      yield* organizations.delete(created.id)
    })
  )
})

describe("an error response", () => {
  it.effect.each(operations)(
    "is the error that WorkOS documents for the operation, or an error of the client: %s",
    ([, operation]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* actualOutcomes(operation.call), expectedOutcomes(operation.documented))
      })
  )

  it.effect.each(operations)("is an error of the client if the body is not WorkOS's: %s", ([, { call }]) =>
    Effect.gen(function* () {
      const steps: ReadonlyArray<readonly [Step, string]> = [
        ["refused", "TransportError"],
        ["reset", "TransportError"],
        ["stall", "RequestTimeout"],
        [{ status: 503 }, "ServerError"],
        [{ status: 200, body: "<html>" }, "InvalidResponse/Html"],
        [{ status: 302, headers: { location: "https://elsewhere.example/" } }, "InvalidResponse/Redirect"]
      ]
      for (const [step, outcome] of steps) {
        assert.strictEqual(outcomeOf(yield* runToEnd(withClient(server([step]), call))), outcome)
      }
    })
  )
})

/** What comes of a call, and the requests that it took. */
const sent = (steps: ReadonlyArray<Step>, call: Call) =>
  Effect.gen(function* () {
    const scripted = server(steps)
    const exit = yield* runToEnd(withClient(scripted, call))
    return { outcome: outcomeOf(exit), requests: scripted.received.map(({ request }) => request), exit }
  })

describe("a lost response", () => {
  const good = { status: 200, body: JSON.stringify(organization) }
  it.effect.each(["reset", "breaks", { status: 503 }, "stall"] as const)(
    "makes an update be retried unchanged, since updates are idempotent (%j)",
    (step) =>
      Effect.gen(function* () {
        const { outcome, requests } = yield* sent([step, step, good], ({ organizations }) =>
          organizations.update(id, { name: "Foo Corp" })
        )
        assert.strictEqual(outcome, "ok")
        assert.lengthOf(requests, 3)
        for (const { body, headers, method, url } of requests) {
          assert.strictEqual(`${method} ${new URL(url).pathname}`, `PUT /organizations/${id}`)
          assert.isUndefined(headers["idempotency-key"])
          assert.deepStrictEqual(body, HttpBody.text('{"name":"Foo Corp"}', "application/json"))
        }
      })
  )

  it.effect("makes a creation and a verification be retried with the same Idempotency-Key", () =>
    Effect.gen(function* () {
      const domain = { status: 201, body: JSON.stringify(organizationDomain) }
      const calls: ReadonlyArray<readonly [Step, Call]> = [
        [{ ...good, status: 201 }, ({ organizations }) => organizations.create({ name: "Foo Corp" })],
        [domain, ({ organizationDomains: { create } }) => create({ organizationId: id, domain: "acme.com" })],
        [domain, ({ organizationDomains: { verify } }) => verify(domainId)]
      ]
      for (const [last, call] of calls) {
        const { outcome, requests } = yield* sent(["reset", { status: 503 }, last], call)
        assert.strictEqual(outcome, "ok")
        const keys = requests.map(({ headers }) => headers["idempotency-key"])
        assert.lengthOf(keys, 3)
        assert.lengthOf(new Set(keys), 1)
        assert.isDefined(keys[0])
      }
    })
  )

  it.effect("makes a deletion succeed whose retry returns 404", () =>
    Effect.gen(function* () {
      const calls: ReadonlyArray<Call> = [
        ({ organizations }) => organizations.delete(id),
        ({ organizationDomains }) => organizationDomains.delete(domainId)
      ]
      for (const call of calls) {
        for (const step of ["reset", "breaks", "stall", { status: 503 }] as const) {
          const { exit } = yield* sent([step, { status: 404 }], call)
          assert.isTrue(Exit.isSuccess(exit))
        }
        // Nobody can have heard of those.
        for (const step of ["refused", { status: 429 }] as const) {
          assert.strictEqual((yield* sent([step, { status: 404 }], call)).outcome, "NotFound")
        }
        assert.strictEqual((yield* sent([{ status: 404 }], call)).outcome, "NotFound")
      }
    })
  )

  it.effect("makes a call without retries fail", () =>
    Effect.gen(function* () {
      const { outcome, requests } = yield* sent(["reset", good], ({ organizations }) =>
        organizations
          .update(id, { name: "Foo Corp" })
          .pipe(Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, maxAttempts: 1 }))
      )
      assert.strictEqual(outcome, "TransportError")
      assert.lengthOf(requests, 1)
    })
  )
})
