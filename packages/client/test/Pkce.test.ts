// Code verifiers and their challenges.
import { assert, describe, it } from "@effect/vitest"
import { CodeVerifier } from "@effect-workos/domain/sso/Sso"
import { WorkOS } from "@workos-inc/node"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createHash } from "node:crypto"
import { inspect } from "node:util"
import * as Pkce from "../src/Pkce.ts"

const { pkce } = new WorkOS("sk_test_1")

const challengeOf = (verifier: string) => Pkce.computeChallenge(Redacted.make(verifier))

describe("Pkce.computeChallenge", () => {
  it.effect("`computeChallenge` returns the challenge of RFC 7636, appendix B", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
      )
    })
  )

  it.effect.prop(
    "`computeChallenge` returns the same challenge as Node and the official SDK",
    [CodeVerifier],
    ([verifier]) =>
      Effect.gen(function* () {
        const challenge = yield* challengeOf(verifier)
        assert.strictEqual(challenge, createHash("sha256").update(verifier).digest("base64url"))
        assert.strictEqual(challenge, yield* Effect.promise(() => pkce.generateCodeChallenge(verifier)))
      })
  )

  it.effect.each<readonly [name: string, verifier: string]>([
    ["one character too few", "never-shown".padEnd(42, "a")],
    ["one character too many", "never-shown".padEnd(129, "a")],
    ["no characters", ""],
    ["a space", "never shown".padEnd(43, "a")],
    ["a line feed at the end", `${"never-shown".padEnd(43, "a")}\n`],
    ["padding of base64", `${"never-shown".padEnd(43, "a")}=`],
    ["a plus", "never-shown+".padEnd(43, "a")],
    ["a letter outside of ASCII", "never-shownü".padEnd(43, "a")]
  ])("`computeChallenge` fails for a verifier with %s, without showing the verifier", ([, verifier]) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(challengeOf(verifier))
      const error = yield* Effect.flip(challengeOf(verifier))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(error.message, "pkce: the code verifier must consist of 43 to 128 letters, digits and -._~")
      const shown = inspect(exit, { depth: Infinity, showHidden: true }) + JSON.stringify(exit) + String(error.stack)
      assert.notMatch(shown + Cause.pretty(Cause.fail(error)), /never.shown/)
    })
  )
})

describe("Pkce.generate", () => {
  it.effect("`generate` returns a redacted verifier of 43 URL-safe characters with its challenge", () =>
    Effect.gen(function* () {
      const { codeChallenge, codeVerifier } = yield* Pkce.generate
      const verifier = Redacted.value(codeVerifier)
      assert.match(verifier, /^[A-Za-z0-9_-]{43}$/)
      assert.strictEqual(codeChallenge, yield* Pkce.computeChallenge(codeVerifier))
      assert.notInclude(inspect(codeVerifier, { showHidden: true }) + JSON.stringify(codeVerifier), verifier)
    })
  )

  it.effect("`generate` returns verifiers and states whose bits are all random", () =>
    Effect.gen(function* () {
      const made = yield* Effect.all(Array.from({ length: 500 }, () => Pkce.randomString))
      made.push(
        ...(yield* Effect.forEach(made, () => Effect.map(Pkce.generate, (pkce) => Redacted.value(pkce.codeVerifier))))
      )
      assert.strictEqual(new Set(made).size, 1000)
      const bytes = made.map((text) => Buffer.from(text, "base64url"))
      for (let bit = 0; bit < 256; bit++) {
        const ones = bytes.filter((each) => ((each[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0).length
        // The mean is 500. A random generator fails these limits with a probability of less than 1e-70.
        assert.isAbove(ones, 200)
        assert.isBelow(ones, 800)
      }
    })
  )
})
