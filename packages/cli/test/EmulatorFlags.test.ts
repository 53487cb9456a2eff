// Flags of `emulate` for applications and webhooks.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as EmulatorFlags from "../src/EmulatorFlags.ts"
import { inProcess } from "./running.ts"

type Parsed = ReturnType<typeof EmulatorFlags.toSignIn> & {
  readonly webhooks: ReadonlyArray<{ readonly url: string; readonly secret: string }>
  readonly authkit: ReturnType<typeof EmulatorFlags.toAuthKit>
}

const parseFlags = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const all: Array<Parsed> = []
  const command = Command.make(
    "emulate",
    { authkit: EmulatorFlags.authkit, client: EmulatorFlags.client, webhooks: EmulatorFlags.webhooks },
    ({ authkit, client, webhooks }) =>
      Effect.sync(() => {
        all.push({
          ...EmulatorFlags.toSignIn(client),
          authkit: EmulatorFlags.toAuthKit(authkit),
          webhooks: webhooks.map(({ secret, url }) => ({ secret: Redacted.value(secret), url }))
        })
      })
  )
  yield* Command.runWith(command, { version: "test" })(args).pipe(Effect.provide(NodeServices.layer))
  const [first] = all
  assert.isDefined(first)
  return first
})

describe("--webhook", () => {
  it.effect.each([
    { text: "http://localhost:3000/hook=whsec_test", url: "http://localhost:3000/hook", secret: "whsec_test" },
    { text: "http://localhost/hook=c2VjcmV0cw==", url: "http://localhost/hook", secret: "c2VjcmV0cw==" },
    { text: "http://localhost/?a=b&c=d=secret=", url: "http://localhost/?a=b&c=d", secret: "secret=" }
  ])("`emulate` splits `--webhook $text` into a URL and a secret", ({ secret, text, url }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* parseFlags("--webhook", text)).webhooks, [{ url, secret }])
    })
  )

  it.effect.each([
    "ftp://localhost/=whsec_hidden",
    "whsec_hidden",
    "=whsec_hidden",
    "whsec_hidden==",
    "x=whsec_hidden="
  ])("`emulate` refuses `--webhook %s` without printing the secret", (text) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* inProcess(`emulate --webhook ${text}`)
      assert.strictEqual(code, 2)
      assert.match(stderr, /^Invalid --webhook: expected URL=SECRET, for example /)
      assert.notInclude(stderr, "hidden")
    })
  )
})

describe("--logout-redirect-uri", () => {
  it.effect("`--logout-redirect-uri` sets the URI after sign-out, and has no default", () =>
    Effect.gen(function* () {
      const withUrl = yield* parseFlags("--logout-redirect-uri", "http://localhost:3000/bye")
      assert.strictEqual(withUrl.logoutRedirectUri, "http://localhost:3000/bye")
      assert.isUndefined((yield* parseFlags()).logoutRedirectUri)
    })
  )
})

describe("the flags for AuthKit", () => {
  it.effect("The flags for AuthKit set its requirements, and have the defaults of the dashboard", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* parseFlags()).authkit, {
        requireEmailVerification: true,
        requireMfa: false,
        requireSso: false,
        radarChallenge: undefined
      })
      const { authkit } = yield* parseFlags("--skip-email-verification", "--require-mfa", "--radar-challenge", "sms")
      assert.deepStrictEqual(authkit, {
        requireEmailVerification: false,
        requireMfa: true,
        requireSso: false,
        radarChallenge: "sms"
      })
    })
  )
})
