// The address, faults, data and usage errors of `emulate`.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Failure from "../src/Failure.ts"
import { emulated, inProcess } from "./running.ts"

const authorized = { headers: { authorization: "Bearer sk_test_emulator" } }

/** Runs `emulate` until requests to its URL have ended. */
const emulateWhile = (args: ReadonlyArray<string>, send: (url: string) => Promise<void>) => {
  let isSent = false
  let isDone = false
  return inProcess(["emulate", "--port", "0", ...args], {
    interruptWhen: ({ stdout }) => {
      const url = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1]
      if (url !== undefined && !isSent) {
        isSent = true
        void send(url).finally(() => (isDone = true))
      }
      return isDone
    }
  })
}

const invalidHost = (host: string) =>
  `Invalid --host "${host}": expected an address or a host name of this machine, such as 0.0.0.0 or ::1. See effect-workos emulate --help.`

describe("emulate", () => {
  it.live("`emulate` injects faults in the order of the --fault flags", () =>
    Effect.gen(function* () {
      const faults = ["GET /connections status=429 retry-after=7 times=1", "/connections html times=1"]
      const responses: Array<string> = []
      const args = ["--connections", "5", ...faults.flatMap((fault) => ["--fault", fault])]
      const { stderr } = yield* emulateWhile(args, async (url) => {
        for (let i = 0; i < 3; i++) {
          const { headers, status } = await fetch(`${url}/connections`, authorized)
          responses.push(`${status} ${headers.get("content-type")} ${headers.get("retry-after")}`)
        }
      })
      assert.deepStrictEqual(responses, [
        "429 application/json 7",
        "200 text/html; charset=utf-8 null",
        "200 application/json null"
      ])
      assert.strictEqual(stderr, "")
    })
  )

  it.effect.each([
    { fault: "statsu=503", sentence: "expected a kind of fault instead of statsu. Did you mean status?" },
    { fault: "status=abc", sentence: "expected status to be a whole number from 200 to 599" },
    { fault: "latency", sentence: "expected latency to be a whole number of milliseconds, at most 600000" },
    { fault: "stale tims=2", sentence: "expected an option of stale instead of tims. Did you mean times?" },
    { fault: "GTE /connections html", sentence: "expected method to be one of GET, POST, PUT, PATCH" }
  ])("`emulate --fault '$fault'` fails with one line on stderr and exit code 2", ({ fault, sentence }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* inProcess(["emulate", "--port", "0", "--fault", fault])
      assert.isTrue(stderr.startsWith(`Invalid --fault "${fault}": ${sentence}`), stderr)
      assert.match(stderr, /^[^\n]+ See effect-workos emulate --help\.\n$/)
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    })
  )

  it.effect("`emulate` reports that a port is in use", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated()
      const { port } = new URL(env.WORKOS_BASE_URL)
      const { code, stderr } = yield* inProcess(`emulate --connections 1 --port ${port}`)
      assert.strictEqual(stderr, `Port ${port} is in use. Set another --port, or --port 0 for a free port.\n`)
      assert.strictEqual(code, 1)
    })
  )

  it.effect("The error for a privileged port contains the port and the flag --port", () =>
    Effect.gen(function* () {
      const cause = Object.assign(new Error("listen EACCES"), { code: "EACCES", address: "127.0.0.1", port: 80 })
      const written: Array<string> = []
      const { exitCode } = yield* Effect.flip(Failure.report(new ServeError({ cause }))).pipe(
        Effect.provide(
          Layer.mergeAll(
            NodeServices.layer,
            Stdio.layerTest({
              stderr: () => Sink.forEach((text) => Effect.sync(() => void written.push(String(text))))
            })
          )
        )
      )
      assert.deepStrictEqual(written, ["You have no permission to listen on port 80. Set a --port above 1023.\n"])
      assert.strictEqual(exitCode, 1)
    })
  )

  it.live.each([
    { host: "0.0.0.0", printed: /^http:\/\/127\.0\.0\.1:\d+$/ },
    { host: "::", printed: /^http:\/\/\[::1\]:\d+$/ },
    { host: "[::1]", printed: /^http:\/\/\[::1\]:\d+$/ },
    { host: "localhost", printed: /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+$/ }
  ])("`emulate --host $host` prints a URL that programs on this machine can use", ({ host, printed }) =>
    Effect.gen(function* () {
      const used: Array<readonly [url: string, status: number]> = []
      const { stderr } = yield* emulateWhile(["--host", host, "--connections", "1"], async (url) => {
        used.push([url, (await fetch(`${url}/connections`, authorized)).status])
      })
      assert.lengthOf(used, 1)
      assert.match(used[0]?.[0] ?? "", printed)
      assert.strictEqual(used[0]?.[1], 200)
      assert.strictEqual(stderr, "")
    })
  )

  it.effect.each([
    { host: "http://localhost", sentence: invalidHost("http://localhost") },
    { host: "0.0.0.256", sentence: invalidHost("0.0.0.256") },
    {
      host: "203.0.113.1",
      sentence:
        "203.0.113.1 is not an address of this machine. Set another --host, or --host 0.0.0.0 for all addresses."
    },
    {
      host: "nothing.invalid",
      sentence:
        "The host name nothing.invalid cannot be resolved. Set another --host, or --host 0.0.0.0 for all addresses."
    }
  ])("`emulate --host $host` fails with one line on stderr and exit code 2", ({ host, sentence }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* inProcess(`emulate --port 0 --connections 1 --host ${host}`)
      assert.strictEqual(stderr, `${sentence}\n`)
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    })
  )

  it.live("`emulate` serves events of the last 24 hours, with the same ids after each start", () =>
    Effect.gen(function* () {
      const list = Effect.gen(function* () {
        const output: Array<string> = []
        yield* emulateWhile(["--connections", "20", "--organizations", "3"], async (url) => {
          const env = { WORKOS_BASE_URL: url, WORKOS_API_KEY: "sk_test_emulator" }
          const { stderr, stdout } = await Effect.runPromise(inProcess("events list --since 24h --json", { env }))
          output.push(stderr + stdout)
        })
        const { id }: { readonly id: string } = JSON.parse(output[0]?.split("\n")[0] ?? "")
        return id
      })
      const id = yield* list
      assert.match(id, /^event_/)
      assert.strictEqual(yield* list, id)
    })
  )
})
