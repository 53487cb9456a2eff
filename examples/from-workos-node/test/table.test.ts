// Completeness of the tables in docs/migrating-from-workos-node.md and of the generated list of the SDK's methods.
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as ClientError from "@effect-workos/client/ClientError"
import * as Pkce from "@effect-workos/client/Pkce"
import * as ApiError from "@effect-workos/domain/ApiError"
import * as OAuthError from "@effect-workos/domain/sso/OAuthError"
import * as AuthenticationError from "@effect-workos/domain/user-management/AuthenticationError"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Store from "@effect-workos/emulator/Store"
import * as AccessTokens from "@effect-workos/server/AccessTokens"
import * as SealedSession from "@effect-workos/server/SealedSession"
import * as CookieSessions from "@effect-workos/server/CookieSessions"
import * as Webhook from "@effect-workos/server/Webhook"
import * as WebhookEndpoint from "@effect-workos/server/WebhookEndpoint"
import * as WebhookError from "@effect-workos/server/WebhookError"
import { assert, layer } from "@effect/vitest"
import * as WorkOSModule from "@workos-inc/node"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { readFileSync } from "node:fs"
import { clientId, redirectBack, LayerBoth, redirectUri, Sdk } from "./served.ts"

const pageOf = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), "utf8")

const guide = pageOf("migrating-from-workos-node.md")

/** The names in the code of a cell, for example `a.b` of `a.b({ c })`. */
const codeIn = (cell = "") => Array.from(cell.matchAll(/`([\w.]+)[^`]*`/g), ([, name = ""]) => name)

/** The rows of the tables under a heading: names of the SDK, and names of effect-workos. */
const rowsUnder = (heading: string) => {
  const section = guide.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ""
  return Array.from(section.matchAll(/^\| (`[^|]*)\|([^|]*)\|/gm), ([, theirs, ours = ""]) => ({
    theirs: codeIn(theirs),
    ours: codeIn(ours),
    isCovered: !ours.includes("not covered")
    // The header of a table has no names.
  })).filter(({ theirs }) => theirs.length > 0)
}

/** The rows of the generated list: a method of the SDK, its request, and the call of effect-workos or a link. */
const generated = Array.from(
  pageOf("generated/from-workos-node.md").matchAll(/^\| `([\w.]+)` *\|([^|]*)\|([^|]*)\|/gm),
  ([, theirs = "", request = "", ours = ""]) => ({ theirs, hasRequest: request.trim() !== "", ours: codeIn(ours) })
)

/** Resources whose methods must all be in the guide, because the names of the counterparts differ. */
const complete = ["userManagement", "multiFactorAuth", "groups", "widgets", "passwordless"]

/** Resources whose methods without a request must all be in the guide. */
const covered = ["sso", "organizations", "organizationDomains", "adminPortal", "events", "webhooks", "pkce"]

/** Members of the SDK that are not methods of resources: the HTTP client, and a factory of clients for feature flags. */
const excluded = new Set(["client", "featureFlags.createRuntimeClient"])

const methodsOf = (resource: object) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((name) => name !== "constructor")

const isResource = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) !== Object.prototype

/** The value at the end of a path. */
const at = (root: object, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        (typeof value === "object" || typeof value === "function") && value !== null
          ? Reflect.get(value, key)
          : undefined,
      root
    )

const modules = {
  AccessTokens: AccessTokens.AccessTokens,
  Pkce,
  SealedSession,
  CookieSessions: CookieSessions.CookieSessions,
  Webhook,
  WebhookEndpoint,
  WebhookSignature
}

const errors = {
  ConfigError: Config.ConfigError,
  ...ApiError,
  ...AuthenticationError,
  ...ClientError,
  ...OAuthError,
  ...WebhookError
}

layer(LayerBoth, { excludeTestServices: true })("docs/migrating-from-workos-node.md", (it) => {
  it.effect("The generated list contains exactly the methods of the SDK", () =>
    Effect.gen(function* () {
      const inSdk = Object.entries(yield* Sdk).flatMap(([name, resource]: [string, unknown]) =>
        isResource(resource) && !excluded.has(name) ? methodsOf(resource).map((method) => `${name}.${method}`) : []
      )
      assert.sameMembers(
        generated.map(({ theirs }) => theirs),
        inSdk.filter((name) => !excluded.has(name))
      )
    })
  )

  it.effect(
    "docs/migrating-from-workos-node.md names every method that the generated list cannot match, and only existing methods",
    () =>
      Effect.gen(function* () {
        const workos = yield* Sdk
        const named = rowsUnder("Calls").flatMap(({ theirs }) => theirs)
        for (const name of named) assert.isDefined(at(workos, name), name)
        assert.includeMembers(
          named,
          generated
            .filter(({ hasRequest, theirs }) => {
              const [resource = ""] = theirs.split(".")
              return complete.includes(resource) || (!hasRequest && covered.includes(resource))
            })
            .map(({ theirs }) => theirs)
        )
      })
  )

  it.effect("docs/migrating-from-workos-node.md names only existing counterparts", () =>
    Effect.gen(function* () {
      const workos = yield* WorkOs
      for (const { isCovered, ours, theirs } of rowsUnder("Calls")) {
        assert.strictEqual(ours.length > 0, isCovered, theirs.join(", "))
        for (const name of ours) assert.isDefined(at({ ...workos, ...modules }, name), name)
      }
      for (const name of generated.flatMap(({ ours }) => ours)) assert.isDefined(at(workos, name), name)
    })
  )

  it.effect("docs/migrating-from-workos-node.md names every exception of the SDK, and only existing tags", () =>
    Effect.sync(() => {
      const rows = rowsUnder("Errors")
      const named = rows.flatMap(({ theirs }) => theirs)
      const inSdk = Object.keys(WorkOSModule).filter((name) => name.endsWith("Exception"))
      assert.includeMembers(named, inSdk)
      for (const { ours } of rows) {
        for (const tag of ours.filter((name) => /^[A-Z]/.test(name))) assert.isDefined(at(errors, tag), tag)
      }
    })
  )

  it.effect("docs/migrating-from-workos-node.md names every field with another name", () =>
    Effect.gen(function* () {
      const theirs = yield* Sdk
      const ours = yield* WorkOs
      const { connections, organizations } = yield* Store.Store
      const named = rowsUnder("Fields").flatMap(({ theirs }) => theirs)
      const only = (kind: string, one: object, other: object) => {
        for (const field of Object.keys(one)) if (!(field in other)) assert.include(named, `${kind}.${field}`)
      }
      const connection = connections.rows[0]?.id ?? ""
      only(
        "connection",
        yield* Effect.promise(() => theirs.sso.getConnection(connection)),
        yield* ours.connections.get(connection)
      )
      for (const { domains, id } of organizations.rows) {
        const organization = yield* ours.organizations.get(id)
        only("organization", yield* Effect.promise(() => theirs.organizations.getOrganization(id)), {
          // The SDK sets optional fields that WorkOS omits.
          allowProfilesOutsideOrganization: false,
          externalId: null,
          ...organization
        })
        for (const domain of domains) {
          only(
            "domain",
            yield* Effect.promise(() => theirs.organizationDomains.getOrganizationDomain(domain.id)),
            yield* ours.organizationDomains.get(domain.id)
          )
        }
      }
      const happened = (yield* Effect.promise(() => theirs.events.listEvents({ events: ["organization.created"] })))
        .data
      const { data: listed } = yield* ours.events.list({ events: ["organization.created"] })
      for (const event of happened) {
        const same = listed.find(({ id }) => id === event.id)
        assert.isDefined(same)
        only("event", event, { context: {}, ...same })
      }
      assert.isNotEmpty(happened)

      const active = connections.rows.find(
        ({ organizationId, state }) => state === "active" && organizationId !== undefined
      )
      const begun = yield* ours.sso.start({ clientId, connection: active?.id ?? "", redirectUri })
      const code = Redacted.make(yield* redirectBack({ url: begun.url.href, state: begun.state }))
      const { accessToken } = yield* ours.sso.profileAndToken({ clientId, code, codeVerifier: begun.codeVerifier })
      only(
        "profile",
        yield* Effect.promise(() => theirs.sso.getProfile({ accessToken: Redacted.value(accessToken) })),
        yield* ours.sso.profile(accessToken)
      )
    })
  )
})
