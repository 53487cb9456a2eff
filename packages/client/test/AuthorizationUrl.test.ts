// URLs to which the browser of a user is sent to sign in.
import { assert, describe, it } from "@effect/vitest"
import { ClientId, Provider } from "@effect-workos/domain/sso/Sso"
import { ConnectionId } from "@effect-workos/domain/sso/Connection"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import { WorkOS } from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AuthorizationUrl from "../src/AuthorizationUrl.ts"

const clientId = "client_01HZBC6N1EB1ZY7KG32X"
const redirectUri = "https://your-app.com/callback"
const connection = "conn_01E4ZCR3C56J083X43JQXF3JK5"
const organization = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

const Selector = Schema.Union([
  Schema.Struct({ connection: ConnectionId }),
  Schema.Struct({ organization: OrganizationId }),
  Schema.Struct({ provider: Provider })
])

// Texts with characters that need escaping, and with characters outside of ASCII.
const Text = Schema.String.check(Schema.isPattern(/^[ a-z&=?#%+[\]/\\"'<>;:@!*().~\n\0üß大🔑-]{0,12}$/u))
const Scope = Schema.String.check(Schema.isPattern(/^[ a-z&=?#%+:/._ü-]{1,12}$/))

const shared = {
  clientId: ClientId,
  redirectUri: Schema.Literals([
    redirectUri,
    "http://localhost:3000/callback",
    "https://your-app.com/callback?from=a%20b&to=c+d#there",
    "com.your-app:/callback",
    "https://bücher.example/zurück"
  ]),
  state: Schema.optionalKey(Text),
  codeChallenge: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{43}$/))),
  domainHint: Schema.optionalKey(Text),
  loginHint: Schema.optionalKey(Text),
  providerScopes: Schema.optionalKey(Schema.NonEmptyArray(Scope)),
  providerQueryParams: Schema.optionalKey(Schema.Record(Text, Schema.Union([Text, Schema.Finite, Schema.Boolean])))
}
const Shared = Schema.Struct(shared)
const Options = Schema.Struct({
  ...shared,
  nonce: Schema.optionalKey(Text),
  prompt: Schema.optionalKey(Schema.Literal("login"))
})

const bases = ["https://api.workos.com", "http://127.0.0.1:4100", "https://proxy.example/workos", "https://a.b/c/d/"]
const BaseUrl = Schema.Literals(bases)

type Parameters = ReadonlyArray<readonly [name: string, value: string]>

const sorted = (parameters: Parameters) =>
  parameters.map((parameter) => JSON.stringify(parameter)).toSorted((one, two) => (one < two ? -1 : 1))

const asked = (url: URL): Parameters => [...url.searchParams]

const given = (name: string, value: string | undefined): Parameters => (value === undefined ? [] : [[name, value]])

/** The query parameters that WorkOS documents for these options. */
const documented = (options: typeof Options.Type & typeof Selector.Type): Parameters => {
  const selector = "provider" in options ? "provider" : "connection" in options ? "connection" : "organization"
  const { codeChallenge, providerQueryParams = {}, providerScopes } = options
  return [
    ["client_id", options.clientId],
    ["redirect_uri", options.redirectUri],
    ["response_type", "code"],
    [
      selector,
      Object.entries(options)
        .find(([name]) => name === selector)?.[1]
        ?.toString() ?? ""
    ],
    ...given("state", options.state),
    ...given("code_challenge", codeChallenge),
    ...given("code_challenge_method", codeChallenge && "S256"),
    ...given("domain_hint", options.domainHint),
    ...given("login_hint", options.loginHint),
    ...given("nonce", options.nonce),
    ...given("prompt", options.prompt),
    ...given("provider_scopes", providerScopes?.join(",")),
    ...Object.entries(providerQueryParams).map(
      ([name, value]) => [`provider_query_params[${name}]`, String(value)] as const
    )
  ]
}

// The SDK repeats the parameter for each scope; WorkOS documents one parameter with commas.
const separate = (parameters: Parameters) =>
  parameters.flatMap(([name, value]) =>
    name === "provider_scopes" ? value.split(",").map((scope) => [name, scope] as const) : [[name, value] as const]
  )

describe("AuthorizationUrl.make", () => {
  it.effect.prop(
    "`make` returns a URL of the base URL with exactly the given options",
    [Options, Selector, BaseUrl],
    ([options, selector, base]) =>
      Effect.sync(() => {
        const url = Result.getOrThrow(AuthorizationUrl.make({ ...options, ...selector }, new URL(base)))
        assert.strictEqual(`${url.origin}${url.pathname}`, `${base.replace(/\/$/, "")}/sso/authorize`)
        assert.deepStrictEqual(sorted(asked(url)), sorted(documented({ ...options, ...selector })))
        assert.strictEqual(url.hash + url.username + url.password, "")
      })
  )

  it.effect.prop(
    "`make` returns a URL with the same meaning as that of the official SDK",
    [Shared, Selector],
    ([options, selector]) =>
      Effect.sync(() => {
        const sdk = new WorkOS("sk_test_1", { apiHostname: "workos.test" })
        const { codeChallenge, providerScopes, ...rest } = options
        const theirs = new URL(
          sdk.sso.getAuthorizationUrl({
            ...rest,
            ...selector,
            ...(providerScopes === undefined ? {} : { providerScopes: [...providerScopes] }),
            ...(codeChallenge === undefined ? {} : { codeChallenge, codeChallengeMethod: "S256" })
          })
        )
        const ours = Result.getOrThrow(
          AuthorizationUrl.make({ ...options, ...selector }, new URL("https://workos.test"))
        )
        assert.deepStrictEqual(sorted(separate(asked(ours))), sorted(separate(asked(theirs))))
        assert.strictEqual(`${ours.origin}${ours.pathname}`, `${theirs.origin}${theirs.pathname}`)
      })
  )

  it("`make` defaults to the production API, and accepts a redirect URI that is a URL", () => {
    const url = Result.getOrThrow(AuthorizationUrl.make({ clientId, redirectUri: new URL(redirectUri), organization }))
    assert.strictEqual(
      url.href,
      "https://api.workos.com/sso/authorize?client_id=client_01HZBC6N1EB1ZY7KG32X" +
        "&redirect_uri=https%3A%2F%2Fyour-app.com%2Fcallback&response_type=code" +
        "&organization=org_01EHWNCE74X7JSDV0X3SZ3KJNY"
    )
  })
})

const refusal = (made: Result.Result<URL, { readonly _tag: string; readonly message: string }>) => {
  assert.isTrue(Result.isFailure(made))
  const error = Result.getOrThrow(Result.flip(made))
  assert.strictEqual(error._tag, "InvalidRequest")
  assert.notInclude(error.message, "\n")
  return error.message
}

describe("the selector of an identity provider", () => {
  const provider = "GoogleOAuth" as const
  const base = { clientId, redirectUri }

  it("An authorization URL has exactly one of connection, organization and provider, for the compiler and at run time", () => {
    const made = [
      // @ts-expect-error no selector
      AuthorizationUrl.make(base),
      // @ts-expect-error two selectors
      AuthorizationUrl.make({ ...base, connection, organization }),
      // @ts-expect-error two selectors
      AuthorizationUrl.make({ ...base, connection, provider }),
      // @ts-expect-error two selectors
      AuthorizationUrl.make({ ...base, organization, provider }),
      // @ts-expect-error three selectors
      AuthorizationUrl.make({ ...base, connection, organization, provider }),
      // @ts-expect-error an undefined selector only
      AuthorizationUrl.make({ ...base, organization: undefined })
    ]
    for (const each of made) {
      assert.strictEqual(
        refusal(each),
        "sso.authorizationUrl: Expected exactly one of connection, organization and provider"
      )
    }
  })

  it("An authorization URL accepts undefined for the other selectors", () => {
    const url = Result.getOrThrow(
      AuthorizationUrl.make({ ...base, organization, connection: undefined, provider: undefined })
    )
    assert.deepStrictEqual([...url.searchParams.keys()].toSorted(), [
      "client_id",
      "organization",
      "redirect_uri",
      "response_type"
    ])
  })

  it("An authorization URL accepts only known providers and ids of the right kind", () => {
    assert.include(
      // @ts-expect-error unknown provider
      refusal(AuthorizationUrl.make({ ...base, provider: "MySpaceOAuth" })),
      "sso.authorizationUrl: provider: Expected "
    )
    assert.strictEqual(
      refusal(AuthorizationUrl.make({ ...base, connection: organization })),
      "sso.authorizationUrl: connection: Expected an id that starts with conn_"
    )
    assert.strictEqual(
      refusal(AuthorizationUrl.make({ ...base, organization: "org_../x" })),
      "sso.authorizationUrl: organization: Expected an id that starts with org_"
    )
  })
})

describe("errors of AuthorizationUrl.make", () => {
  const base = { clientId, redirectUri, organization }

  it.each([
    ["an id of another kind as client id", { clientId: "org_1" }, "clientId: Expected an id that starts with client_"],
    ["an empty client id", { clientId: "" }, "clientId: Expected an id that starts with client_"],
    [
      "a path as redirect URI",
      { redirectUri: "/callback" },
      "redirectUri: Expected a complete URL such as https://your-app.com/callback"
    ],
    [
      "an empty redirect URI",
      { redirectUri: "" },
      "redirectUri: Expected a complete URL such as https://your-app.com/callback"
    ],
    [
      "a script as redirect URI",
      { redirectUri: "javascript:alert(1)" },
      "redirectUri: Expected a complete URL such as https://your-app.com/callback"
    ],
    [
      "a redirect URI with white space",
      { redirectUri: " https://x/ y" },
      "redirectUri: Expected a complete URL such as https://your-app.com/callback"
    ],
    [
      "a verifier as challenge",
      { codeChallenge: "dBjftJeZ4CVP" },
      "codeChallenge: Expected a SHA-256 hash in base64url"
    ],
    [
      "a challenge with padding",
      { codeChallenge: `${"a".repeat(43)}=` },
      "codeChallenge: Expected a SHA-256 hash in base64url"
    ]
  ])("`make` fails with InvalidRequest for %s", (_, wrong, expected) => {
    assert.strictEqual(refusal(AuthorizationUrl.make({ ...base, ...wrong })), `sso.authorizationUrl: ${expected}`)
  })

  it.each([
    ["https://api.workos.com/?a=1", "a URL without a user, ? and #"],
    ["https://api.workos.com/x#y", "a URL without a user, ? and #"],
    ["https://ada@api.workos.com/", "a URL without a user, ? and #"],
    ["ftp://api.workos.com/", "a URL that starts with https:// or http://"]
  ])("`make` fails with InvalidRequest for the invalid base URL %s", (baseUrl, expected) => {
    assert.strictEqual(
      refusal(AuthorizationUrl.make(base, new URL(baseUrl))),
      `sso.authorizationUrl: baseUrl: Expected ${expected}`
    )
  })

  it("`make` fails with InvalidRequest for scopes that contain a comma", () => {
    assert.strictEqual(
      refusal(AuthorizationUrl.make({ ...base, providerScopes: ["openid", "email,profile"] })),
      "sso.authorizationUrl: providerScopes: A value must not contain a comma, because commas separate values"
    )
  })

  it("`make` fails with InvalidRequest for an empty list of scopes, and for an unknown prompt", () => {
    // @ts-expect-error an empty list requests no scope
    assert.include(refusal(AuthorizationUrl.make({ ...base, providerScopes: [] })), "providerScopes")
    // @ts-expect-error WorkOS documents only `login`
    assert.include(refusal(AuthorizationUrl.make({ ...base, prompt: "consent" })), 'prompt: Expected "login"')
  })
})
