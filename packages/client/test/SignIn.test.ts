// Sign-ins of users: their start, and the URL to which they return.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import * as Pkce from "../src/Pkce.ts"
import * as SignIn from "../src/SignIn.ts"

const options = {
  clientId: "client_01HZBC6N1EB1ZY7KG32X",
  organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
  redirectUri: "https://your-app.com/callback"
} as const

describe("SignIn.start", () => {
  it.effect("`start` returns a URL with a new state and challenge, and the verifier", () =>
    Effect.gen(function* () {
      const { codeVerifier, state, url } = yield* SignIn.start({ ...options, loginHint: "ada@acme.example" })
      assert.strictEqual(`${url.origin}${url.pathname}`, "https://api.workos.com/sso/authorize")
      assert.deepStrictEqual(Object.fromEntries(url.searchParams), {
        client_id: options.clientId,
        redirect_uri: options.redirectUri,
        response_type: "code",
        organization: options.organization,
        state,
        code_challenge: yield* Pkce.computeChallenge(codeVerifier),
        code_challenge_method: "S256",
        login_hint: "ada@acme.example"
      })
      assert.match(state, /^[A-Za-z0-9_-]{43}$/)
      assert.notInclude(url.href, Redacted.value(codeVerifier))
    })
  )

  it.effect("`start` returns different values each time", () =>
    Effect.gen(function* () {
      const [one, two] = yield* Effect.all([SignIn.start(options), SignIn.start(options)])
      assert.notStrictEqual(one.state, two.state)
      assert.notStrictEqual(Redacted.value(one.codeVerifier), Redacted.value(two.codeVerifier))
      assert.notStrictEqual(one.state, Redacted.value(one.codeVerifier))
    })
  )

  it.effect("`start` uses the given base URL", () =>
    Effect.gen(function* () {
      const { url } = yield* SignIn.start(options, new URL("http://127.0.0.1:4100/workos"))
      assert.strictEqual(`${url.origin}${url.pathname}`, "http://127.0.0.1:4100/workos/sso/authorize")
    })
  )

  it.effect("`start` ignores a state and a challenge of the caller, and rejects invalid options", () =>
    Effect.gen(function* () {
      const foreign = { ...options, state: "mine", codeChallenge: "c".repeat(43) }
      const { state, url } = yield* SignIn.start(foreign)
      assert.notStrictEqual(state, "mine")
      assert.deepStrictEqual(url.searchParams.getAll("state"), [state])
      assert.notStrictEqual(url.searchParams.get("code_challenge"), foreign.codeChallenge)
      const error = yield* Effect.flip(SignIn.start({ ...options, redirectUri: "callback" }))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.include(error.message, "redirectUri: Expected a complete URL")
    })
  )
})

const state = "rz3o5gpXZa1tqqwGGA9VgQ"
const code = "01DMEK0J53CVMC32CK5SE0KZ8Q"

/** Returns the result of `callback` for this query. */
const back = (query: string, to: string = state) =>
  SignIn.callback(new URL(`https://your-app.com/callback?${query}`), { state: to })

const errorOf = (result: ReturnType<typeof back>) => Result.getOrThrow(Result.flip(result))

describe("SignIn.callback", () => {
  it.effect.prop(
    "`callback` returns any code if the state matches, with any other parameters",
    [Schema.String.check(Schema.isMinLength(1)), Schema.String.check(Schema.isMinLength(1))],
    ([code, state]) =>
      Effect.sync(() => {
        // A URL replaces lone surrogates.
        const query = new URLSearchParams({ code, other: "1", state })
        for (const url of [query, new URL(`https://your-app.com/callback?${query}`)]) {
          const brought = SignIn.callback(url, { state: state.toWellFormed() })
          assert.strictEqual(Redacted.value(Result.getOrThrow(brought)), code.toWellFormed())
        }
      })
  )

  it("`callback` redacts the code", () => {
    const brought = back(`code=${code}&state=${state}`)
    assert.isTrue(Result.isSuccess(brought))
    assert.notInclude(inspect(brought, { depth: 9, showHidden: true }) + JSON.stringify(brought), code)
  })

  it.each([
    ["no state", `code=${code}`],
    ["an empty state", `code=${code}&state=`],
    ["another state", `code=${code}&state=${state.slice(1)}`],
    ["a state that starts with the right one", `code=${code}&state=${state}x`],
    ["the state in upper case", `code=${code}&state=${state.toUpperCase()}`],
    ["the state twice", `code=${code}&state=${state}&state=${state}`],
    ["the state after another", `code=${code}&state=other&state=${state}`],
    ["the state under similar names", `code=${code}&State=${state}&state[]=${state}`],
    ["an error, and another state", "error=access_denied&state=other"],
    ["an empty query", ""]
  ])("`callback` fails with StateMismatch for %s", (_, query) => {
    const error = errorOf(back(query))
    assert.strictEqual(error._tag, "StateMismatch")
    assert.strictEqual(error.message, "The state does not match this sign-in. Start a new sign-in.")
    assert.notInclude(inspect(error, { depth: 9, showHidden: true }), code)
    assert.notInclude(inspect(error, { depth: 9, showHidden: true }), state)
  })

  it.each([`code=${code}&state=`, `code=${code}`, `code=${code}&state=null&state=undefined`])(
    "`callback` fails with StateMismatch if the stored state is empty (%s)",
    (query) => {
      assert.strictEqual(errorOf(back(query, ""))._tag, "StateMismatch")
    }
  )

  it.each([
    ["no code", ""],
    ["an empty code", "&code="],
    ["two codes", `&code=${code}&code=${code}`],
    ["two codes, one of them empty", `&code=&code=${code}`]
  ])("`callback` fails with CodeMissing for %s", (_, query) => {
    const error = errorOf(back(`state=${state}${query}`))
    assert.strictEqual(error._tag, "CodeMissing")
    assert.strictEqual(error.message, "The browser returned without a code. Start a new sign-in.")
    assert.notInclude(inspect(error, { depth: 9, showHidden: true }), code)
  })

  it("`callback` fails with SignInRefused if the URL has an error, even if the URL has a code", () => {
    const query = `state=${state}&error=access_denied&error_description=The+user+denied+it%21`
    for (const error of [errorOf(back(query)), errorOf(back(`${query}&code=${code}`))]) {
      assert.strictEqual(error._tag, "SignInRefused")
      assert.include(error, { error: "access_denied", description: "The user denied it!" })
      assert.strictEqual(error.message, "The sign-in was refused: access_denied (The user denied it!).")
    }
    const bare = errorOf(back(`state=${state}&error=connection_unlinked`))
    assert.strictEqual(bare.message, "The sign-in was refused: connection_unlinked.")
    assert.notProperty(bare, "description")
  })

  it.each([
    [
      "several errors",
      "error=access_denied&error=server_error&error_description=&error_description=x",
      "access_denied"
    ],
    ["an empty error", "error=", "unknown_error"],
    ["an error of invisible characters", "error=%00%20%0A", "unknown_error"]
  ])("`callback` fails with SignInRefused for %s in the URL, with any code", (_, query, name) => {
    const error = errorOf(back(`state=${state}&code=${code}&${query}`))
    assert.strictEqual(error.message, `The sign-in was refused: ${name}.`)
    assert.include(error, { _tag: "SignInRefused", error: name })
  })
})

const refused = (error: string, description: string) => {
  const query = new URLSearchParams({ state, error, error_description: description })
  const refusal = errorOf(back(query.toString()))
  return refusal._tag === "SignInRefused" ? refusal : assert.fail(refusal._tag)
}

describe("the error of the URL", () => {
  it.effect.prop(
    "The name and the description of a SignInRefused are short, on one line and without control characters",
    [Schema.String, Schema.String, Schema.Literals(["", "\u001b[2J", "\r\n", "\u2028", "\u202e", "\0", "\u009b1m"])],
    ([one, two, between]) =>
      Effect.sync(() => {
        const text = `${one}${between}${two}`.repeat(60)
        const { description = "", error, message } = refused(`x${text}`, text)
        for (const shown of [error, description, message]) assert.notMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        assert.isAtMost(error.length, 200)
        assert.isAtMost(description.length, 200)
      })
  )

  it("A SignInRefused redacts texts that look like secrets", () => {
    const { description, error, message } = refused("bad sk_test_abcdef", "Bearer abc.def.ghi is no token")
    assert.notMatch(`${description} ${error} ${message}`, /abcdef|abc\.def/)
  })
})
