// The flags of `verify` for writing, selection, time and files.
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { proxy, silent } from "./proxy.ts"
import { withFastTime } from "./clock.ts"
import { emulated, folder, inProcess, key } from "./running.ts"

const apiKey = Redacted.make(key)

describe("verify --writes", () => {
  it.live("`verify --writes` with a live key sends no request unless --yes-production is set", () =>
    Effect.gen(function* () {
      const live = "sk_live_never_to_be_seen"
      const { env, store } = yield* emulated({ apiKey: Redacted.make(live) })
      const { received, url } = yield* proxy(env.WORKOS_BASE_URL)
      const options = { env: { WORKOS_API_KEY: live, WORKOS_BASE_URL: url } }
      const before = store.connections.rows.map(({ id }) => id)
      const selected = "--only lifecycle/deleted-again --operations connections,organizations,organizationDomains"
      const args = `verify --writes ${selected} --runs 1`

      const refused = yield* inProcess(args, options)
      assert.strictEqual(refused.code, 2)
      assert.strictEqual(refused.stdout, "")
      assert.match(refused.stderr, /^WORKOS_API_KEY is a live key, and .* Add --yes-production to allow this\.\n$/)
      assert.deepStrictEqual(received, [])

      const allowed = yield* inProcess(`${args} --yes-production`, options)
      assert.match(allowed.stdout, /\nAll 3 checks passed\.\n/)
      assert.strictEqual(allowed.code, 0)
      assert.includeMembers(
        received.map(({ method }) => method),
        ["GET", "POST", "DELETE"]
      )
      assert.deepStrictEqual(
        store.connections.rows.map(({ id }) => id),
        before
      )
    })
  )
})

describe("verify --only", () => {
  it.live("`verify --only` checks only the listed laws and families", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, { connections: 12 })
      const { code, stdout } = yield* inProcess(
        "verify --only resources,lists/limit --operations connections,events --runs 1",
        {
          env,
          cwd
        }
      )
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^connections +list +get +delete\nlists +✓ 1\nresources +✓ 1 +✓ 3 +– 1\n\n(?:[^]*\n\n)?events +list\n/
      )
      const listed = yield* inProcess("verify --list --only resources,lists/limit")
      assert.deepStrictEqual(listed.stdout.match(/^[a-z]+\/\S+/gm)?.map(String), [
        "lists/limit",
        "resources/get-matches-list",
        "resources/reads-agree",
        "resources/unknown-id"
      ])
    }).pipe(Effect.scoped)
  )

  it.live("`verify --only` fails if all listed laws require --writes", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, { connections: 12 })
      const { code, stdout } = yield* inProcess("verify --only lifecycle", { env })
      assert.match(stdout, /\nNothing was checked\. \d+ were skipped\.\n/)
      assert.strictEqual(code, 1)
    })
  )
})

describe("the time budget of verify", () => {
  it.effect.each([
    { server: "never responds", base: silent },
    {
      server: "takes 1.8 seconds for each response",
      base: Effect.map(emulated({ apiKey, latency: "1800 millis" }), ({ env }) => env.WORKOS_BASE_URL)
    }
  ])("`verify` ends within the time budget, and reports the failed law, if the server $server", ({ base }) =>
    Effect.gen(function* () {
      const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: yield* base }
      const [elapsed, { code, stdout }] = yield* Effect.timed(
        inProcess("verify --time-budget 4 --runs 5", { env })
      ).pipe(withFastTime)
      assert.isBelow(Duration.toSeconds(elapsed), 15)
      assert.match(stdout, /^✕ responses\/time {2}\w+\.\w+\n/m)
      assert.include(stdout, "no complete response within 1s")
      assert.strictEqual(code, 1)
    }).pipe(Effect.scoped, withFastTime)
  )
})

describe("files that verify cannot write", () => {
  it.live.each([
    { args: "--report toString=x", sentence: /^Invalid --report "toString=x": expected json=FILE, / },
    {
      args: `--report html=${"x".repeat(250)}`,
      sentence: /^Cannot write x{250}: its name is too long, because \.partial /
    },
    {
      args: "--report json=x --report html=x",
      sentence: /^Two flags write to x\. Set a different file for each flag\.$/m
    },
    { args: "--report json=x --baseline x --update-baseline", sentence: /^Two flags write to x\./ },
    {
      args: "--baseline no/x --update-baseline",
      sentence: /^Cannot write no\/x: the folder no does not exist or is not writable\. /
    }
  ])("`verify $args` fails with one line on stderr before the first request", ({ args, sentence }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, { connections: 12 })
      const { received, url } = yield* proxy(env.WORKOS_BASE_URL)
      const { code, stderr, stdout } = yield* inProcess(`verify ${args}`, {
        env: { ...env, WORKOS_BASE_URL: url },
        cwd
      })
      assert.match(stderr, sentence)
      assert.match(stderr, /^[^\n]+\n$/, "one line")
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
      assert.deepStrictEqual(received, [])
    }).pipe(Effect.scoped)
  )
})
