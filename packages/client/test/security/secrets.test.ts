// Redaction of the API key, of secrets in requests and of tokens in everything that a program shows.
import { assert, describe, it } from "@effect/vitest"
import { isExhaustive, sample, seed } from "@effect-workos/testing/Sample"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Otlp from "effect/observability/Otlp"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as References from "effect/References"
import { execFile } from "node:child_process"
import { Console as NodeConsole } from "node:console"
import { Writable } from "node:stream"
import { fileURLToPath } from "node:url"
import { inspect } from "node:util"
import * as Excerpt from "../../src/internal/Excerpt.ts"
import { recordSpans } from "../recorded-spans.ts"
import { invalidResponses, nonHttpResponses } from "./invalid-responses.ts"
import { platforms } from "../platforms.ts"
import { page } from "../samples.ts"
import {
  accessToken,
  withClient,
  shortPolicy,
  clientSecret,
  code,
  codeVerifier,
  create,
  key,
  operations,
  serve,
  serveRaw
} from "./servers.ts"

// Secrets in all their forms, and parts of them.
const needles = [
  ...[key, clientSecret, code, codeVerifier, accessToken].flatMap(Excerpt.formsOf),
  key.slice(0, 12),
  clientSecret.slice(0, 6),
  code.slice(0, 5),
  code.slice(9, 13),
  codeVerifier.slice(0, 6),
  codeVerifier.slice(10, 30),
  accessToken.slice(0, 6),
  accessToken.slice(10, 18)
]

const assertRedacted = (text: string, where: string) => {
  for (const needle of needles) {
    const at = text.toLowerCase().indexOf(needle.toLowerCase())
    if (at >= 0) assert.fail(`${where} shows a secret: ${text.slice(Math.max(0, at - 150), at + 100)}`)
  }
}

// Each failure is logged at the next level.
let turn = 0
const levels = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"] as const

/** All outputs of a call that a program can show: logs, spans, and the exit in all forms. */
const shown = Effect.fnUntraced(function* (call: Effect.Effect<unknown, unknown>) {
  const { spans, tracer } = recordSpans()
  let written = ""
  const stream = new Writable({
    write: (chunk, _, done) => {
      written += String(chunk)
      done()
    }
  })
  const exit = yield* Effect.exit(call).pipe(
    Effect.tap((exit) =>
      Exit.isFailure(exit) ? Effect.logWithLevel(levels[turn++ % levels.length])("It failed", exit.cause) : Effect.void
    ),
    Effect.withLogSpan("call"),
    Effect.withTracer(tracer),
    Effect.provide(
      Logger.layer([
        Logger.consolePretty({ colors: false }),
        Logger.consoleLogFmt,
        Logger.consoleJson,
        Logger.consoleStructured,
        Logger.withConsoleLog(Logger.formatSimple),
        Logger.tracerLogger
      ])
    ),
    Effect.provideService(Console.Console, new NodeConsole(stream)),
    Effect.provideService(References.MinimumLogLevel, "All")
  )
  const everything = [
    written,
    ...spans.map((span) => inspect([span.name, span.attributes, span.events, span.status, span.links], { depth: 20 })),
    inspect(exit, { depth: Infinity, showHidden: true })
  ]
  if (Exit.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    everything.push(Cause.pretty(exit.cause), JSON.stringify(exit), String(exit), JSON.stringify(error), String(error))
    everything.push(inspect(error, { depth: Infinity, showHidden: true, getters: true }))
    if (error instanceof Error) everything.push(String(error.stack), error.message)
  }
  return { exit, text: everything.join("\n") }
})

// An operation with a secret in JSON, and one with several in a form. Platforms and operations do not depend on each other.
const differing = ["create", "sso.profileAndToken"]

const calls = platforms.flatMap(({ layer: layerPlatform, name: platform }) =>
  operations
    .filter(([name]) => platform === "fetch" || differing.includes(name))
    .map(([name, use]) => ({ name, platform, use, layerPlatform }))
)

// A short run combines each response with one call, and each call with some responses.
const isSampled = (response: number, call: number) => isExhaustive || (response + call + seed) % calls.length === 0

describe("invalid responses", () => {
  it.live.each(calls.map((call, index) => ({ ...call, index })))(
    "No secret of $name is shown over $platform, for any response",
    ({ index, layerPlatform, name, use }) =>
      Effect.gen(function* () {
        let current = invalidResponses[0]
        const url = yield* serve((request, response, body) => {
          current?.[1](response, { authorization: request.headers.authorization ?? "", body })
        })
        for (const invalid of invalidResponses.filter((_, at) => isSampled(at, index))) {
          current = invalid
          const { text } = yield* shown(
            withClient({ baseUrl: url, maxResponseBytes: 50_000 }, layerPlatform, use, shortPolicy)
          )
          assertRedacted(text, `${name} with the response ${invalid[0]}`)
        }
      })
  )
})

describe.each(platforms)("over $name", ({ layer: layerPlatform, name: platform }) => {
  it.live.each(nonHttpResponses)(
    `No secret is shown over ${platform} if the server responds with %s`,
    ([name, respond]) =>
      Effect.gen(function* () {
        const url = yield* serveRaw(respond)
        for (const [operation, use] of sample(operations, 3)) {
          const { exit, text } = yield* shown(withClient({ baseUrl: url }, layerPlatform, use, shortPolicy))
          assert.isTrue(Exit.isFailure(exit))
          assertRedacted(text, `${operation} with the response ${name}`)
        }
      })
  )

  it.live(`No secret is shown over ${platform} without a response, or while the circuit breaker is open`, () =>
    Effect.gen(function* () {
      const layerBreaker = CircuitBreaker.layer({
        tripPolicy: CircuitBreaker.consecutive(1),
        openDuration: "1 minute"
      }).pipe(Layer.provide(CircuitBreaker.layerStoreMemory()))
      const { exit, text } = yield* shown(
        withClient({ baseUrl: new URL("http://127.0.0.1:1") }, layerPlatform, (workos) =>
          Effect.andThen(Effect.exit(create(workos)), create(workos))
        ).pipe(Effect.provide(layerBreaker))
      )
      assert.include(inspect(exit, { depth: 5 }), "CircuitOpen")
      assertRedacted(text, "An open circuit")
    })
  )
})

// Tokens that the client does not know are recognised by their names.
const issued = "n3wly/issued+token~=="
const otherShapes: ReadonlyArray<readonly [name: string, text: string]> = [
  ["an access token of another type", JSON.stringify({ token_type: "MAC", access_token: issued })],
  ["a logout without a URL", JSON.stringify({ logout_token: issued })],
  ["a logout with another URL", JSON.stringify({ logoutURL: `https://auth.workos.com/sso/logout?token=${issued}` })],
  ["tokens in a list", JSON.stringify({ data: [{ accessToken: issued, refresh_token: [issued] }] })],
  ["tokens in text", JSON.stringify(JSON.stringify({ access_token: issued }))],
  ["a form", `token_type=Bearer&access_token=${encodeURIComponent(issued)}&expires_in=600`],
  ["a header", `Authorization: Bearer ${issued}`],
  ["JSON that stops in the middle", JSON.stringify({ access_token: issued }).slice(0, -8)]
]

const tokenResponses = otherShapes.flatMap(([shape, text]) =>
  [200, 400, 401, 418, 500].map((status) => ({ shape, text, status }))
)

describe("tokens", () => {
  it.live.each(operations.filter(([name]) => name.startsWith("sso.")))(
    "Tokens in responses of other shapes are not shown by %s",
    ([name, use]) =>
      Effect.gen(function* () {
        let reply = { status: 200, text: "" }
        const url = yield* serve((_, response) => response.writeHead(reply.status).end(reply.text))
        for (const { shape, status, text } of sample(tokenResponses, 12)) {
          reply = { status, text }
          const { exit, text: seen } = yield* shown(withClient({ baseUrl: url }, FetchHttpClient.layer, use))
          assert.isTrue(Exit.isFailure(exit))
          assert.notInclude(seen.toLowerCase(), "n3wly", `${name} with ${shape} in the response ${status}`)
        }
      })
  )
})

describe("secrets", () => {
  it.live("Secrets are not in the metrics, spans and log lines that OTLP sends", () =>
    Effect.gen(function* () {
      const received: Array<string> = []
      const receiver = yield* serve((request, response, body) => {
        received.push(`${request.url} ${body}`)
        response.end("{}")
      })
      const url = yield* serve((request, response, body) => {
        const status = request.method === "POST" ? 422 : 500
        response.writeHead(status, { "x-request-id": key }).end(JSON.stringify({ message: key, errors: [body] }))
      })
      yield* Effect.forEach(operations, ([, use]) =>
        withClient({ baseUrl: url }, FetchHttpClient.layer, use).pipe(
          Effect.tapCause((cause) => Effect.logFatal("It failed", cause)),
          Effect.exit
        )
      ).pipe(
        Effect.provideService(References.MinimumLogLevel, "All"),
        Effect.provide(
          Otlp.layerJson({
            baseUrl: receiver.href,
            resource: { serviceName: "test" },
            loggerMergeWithExisting: false
          }).pipe(Layer.provide(FetchHttpClient.layer))
        )
      )
      const text = received.join("\n")
      for (const part of ["/v1/logs", "/v1/metrics", "/v1/traces", "connections.create", "It failed"]) {
        assert.include(text, part)
      }
      assertRedacted(text, "OTLP")
      assertRedacted(inspect(yield* Metric.snapshot, { depth: 20 }), "A metric")
    })
  )

  it.live("Secrets are not in the output of a process that crashes with the error", () =>
    Effect.gen(function* () {
      const url = yield* serve((request, response, body) => {
        response.writeHead(422, { "x-request-id": key })
        response.end(JSON.stringify({ message: request.headers.authorization, errors: [body] }))
      })
      const ways = ["throw", "reject", "runMain"]
      for (const output of yield* Effect.forEach(sample(ways, 1), (way) => crashed([url.href, way]), {
        concurrency: 3
      })) {
        assert.include(output, "UnprocessableEntity")
        assertRedacted(output, "A crash")
      }
    })
  )

  it.live("Secrets are not in the errors of an invalid configuration", () =>
    Effect.gen(function* () {
      for (const baseUrl of [`http://${encodeURIComponent(key)}@workos.test`, `https://workos.test/?${key}`]) {
        const { exit, text } = yield* shown(
          withClient({ baseUrl: new URL(baseUrl) }, FetchHttpClient.layer, create, shortPolicy)
        )
        assert.isTrue(Exit.isFailure(exit))
        assertRedacted(text, baseUrl)
      }
    })
  )

  it.live("Secrets are sent unchanged in valid requests", () =>
    Effect.gen(function* () {
      let received = ""
      const url = yield* serve((request, response) => {
        received = request.headers.authorization ?? ""
        response.end(JSON.stringify(page))
      })
      yield* withClient({ baseUrl: url }, FetchHttpClient.layer, ({ connections }) => connections.list())
      assert.strictEqual(received, `Bearer ${key}`)
    })
  )
})

/** The output of a process that crashes. */
const crashed = (args: ReadonlyArray<string>) =>
  Effect.callback<string>((resume) => {
    const script = fileURLToPath(new URL("crashing-program.ts", import.meta.url))
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      if (error === null) return resume(Effect.die("The process did not crash"))
      resume(Effect.succeed(stdout + stderr))
    })
  })
