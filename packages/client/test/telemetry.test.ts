// Metrics, log lines and spans of calls.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Otlp from "effect/observability/Otlp"
import * as Random from "effect/Random"
import * as References from "effect/References"
import { TestClock } from "effect/testing"
import { readFileSync } from "node:fs"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { recordSpans } from "./recorded-spans.ts"
import { id } from "./samples.ts"
import { serve } from "./http-server.ts"
import { withClient, server, type Step } from "./scripted-server.ts"

const get = (workos: WorkOs["Service"]) => workos.connections.get(id)

const steps: ReadonlyArray<Step> = [
  { status: 503, after: 40 },
  "reset",
  { status: 429, headers: { "retry-after": "2" } },
  { status: 200, after: 50 }
]

/** A call with three retries. */
const repeated = <A, E, R>(around: (call: Effect.Effect<unknown, unknown>) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(around(withClient(server(steps), get).pipe(Random.withSeed(7))))
    yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  })

/** The metrics of requests after a call that was interrupted after five seconds. */
const requestsOf = (steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    yield* withClient(server(steps), (workos) =>
      Effect.gen(function* () {
        const leaving = yield* Effect.forkChild(get(workos), { startImmediately: true })
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.interrupt(leaving)
      })
    )
    return (yield* Metric.snapshot).flatMap(({ attributes, id }) =>
      id === "workos.client.requests" || id === "workos.client.retries"
        ? [`${id} ${attributes?.["outcome"] ?? attributes?.["reason"]}`]
        : []
    )
  }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))

describe("metrics", () => {
  it.effect("Metrics count requests, retries, waits and calls by operation and outcome", () =>
    Effect.gen(function* () {
      const snapshot = yield* repeated((call) => Effect.andThen(call, Metric.snapshot))
      const told = snapshot.flatMap(({ attributes, id, state }) => {
        if (!id.startsWith("workos.client")) return []
        const count = "count" in state ? state.count : undefined
        return [`${id} ${attributes?.["operation"]} ${attributes?.["outcome"] ?? attributes?.["reason"]} ${count}`]
      })
      assert.deepStrictEqual(told.toSorted(), [
        "workos.client.operation.duration connections.get ok 1",
        "workos.client.requests connections.get 200 1",
        "workos.client.requests connections.get 429 1",
        "workos.client.requests connections.get 503 1",
        "workos.client.requests connections.get connection_failed 1",
        "workos.client.retries connections.get 429 1",
        "workos.client.retries connections.get 503 1",
        "workos.client.retries connections.get connection_failed 1",
        "workos.client.wait.duration connections.get rate_limit 1",
        "workos.client.wait.duration connections.get retry 2"
      ])
      const waits = snapshot.find(({ attributes }) => attributes?.["reason"] === "rate_limit")
      assert.strictEqual(waits !== undefined && "sum" in waits.state && waits.state.sum, 2)
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))
  )

  it.effect("Metrics count an interrupted request, and no retry that was not sent", () =>
    Effect.gen(function* () {
      assert.sameMembers(yield* requestsOf([{ status: 503 }, "stall"]), [
        "workos.client.requests 503",
        "workos.client.requests interrupted",
        "workos.client.retries 503"
      ])
      assert.sameMembers(yield* requestsOf([{ status: 503, headers: { "retry-after": "30" } }]), [
        "workos.client.requests 503"
      ])
    })
  )

  it.effect("Metrics count an interrupted call, and a call that failed before it was sent", () =>
    Effect.gen(function* () {
      const scripted = server(["stall"])
      yield* withClient(scripted, (workos) =>
        Effect.gen(function* () {
          const leaving = yield* Effect.forkChild(get(workos), { startImmediately: true })
          yield* TestClock.adjust("1 second")
          yield* Fiber.interrupt(leaving)
          yield* Effect.flip(workos.connections.get("nonsense"))
        })
      )
      const outcomes = (yield* Metric.snapshot).flatMap(({ attributes, id }) =>
        id === "workos.client.operation.duration" ? [attributes?.["outcome"]] : []
      )
      assert.sameMembers(outcomes, ["interrupted", "InvalidRequest"])
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))
  )
})

const lines = (level: LogLevel.LogLevel) =>
  Effect.gen(function* () {
    const written: Array<unknown> = []
    const logger = Logger.map(Logger.formatStructured, (line) => void written.push(line))
    yield* repeated((call) =>
      call.pipe(Effect.provide(Logger.layer([logger])), Effect.provideService(References.MinimumLogLevel, level))
    )
    return written
  })

describe("logs", () => {
  it.effect("Calls log nothing by default", () =>
    Effect.gen(function* () {
      assert.isEmpty(yield* lines("Info"))
    })
  )

  it.effect("Calls log a line with details for each retry at the level Debug", () =>
    Effect.gen(function* () {
      const written = yield* lines("Debug")
      assert.lengthOf(written, 3)
      const [first] = written
      assert.deepInclude(first, { level: "DEBUG", message: "The request is retried" })
      assert.deepInclude(first, {
        annotations: {
          "workos.operation": "connections.get",
          "workos.attempt": 1,
          "workos.outcome": "503",
          "workos.wait_ms": 185
        }
      })
    })
  )
})

describe("spans", () => {
  const recorded = Effect.gen(function* () {
    const { spans, tracer } = recordSpans()
    yield* repeated(Effect.withTracer(tracer))
    return spans
  })

  it.effect("Spans of attempts are children of the span of a call with retries", () =>
    Effect.gen(function* () {
      const [call, ...attempts] = yield* recorded
      assert.strictEqual(call?.name, "connections.get")
      assert.strictEqual(call?.attributes.get("http.request.resend_count"), 3)
      assert.strictEqual(call?.attributes.get("http.response.status_code"), 200)
      assert.deepStrictEqual(
        attempts.map(({ attributes, name, parent }) => [
          name,
          parent._tag === "Some" && parent.value.spanId === call?.spanId,
          attributes.get("error.type"),
          attributes.get("http.request.resend_count")
        ]),
        [
          ["connections.get attempt", true, "503", undefined],
          ["connections.get attempt", true, "connection_failed", 1],
          ["connections.get attempt", true, "429", 2],
          ["connections.get attempt", true, undefined, 3]
        ]
      )
    })
  )

  it.effect("Spans report the attempts of an interrupted call, the last one as interrupted", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordSpans()
      yield* withClient(server([{ status: 503 }, "stall"]), (workos) =>
        Effect.gen(function* () {
          const leaving = yield* Effect.forkChild(Effect.withTracer(get(workos), tracer), { startImmediately: true })
          yield* TestClock.adjust("5 seconds")
          yield* Fiber.interrupt(leaving)
        })
      )
      assert.deepStrictEqual(
        spans.map(({ attributes, name }) => [
          name,
          attributes.get("http.request.resend_count"),
          attributes.get("error.type")
        ]),
        [
          ["connections.get", 1, "interrupted"],
          ["connections.get attempt", undefined, "503"],
          ["connections.get attempt", 1, "interrupted"]
        ]
      )
      const times = spans.map(({ status }) => (status._tag === "Ended" ? Number(status.endTime) / 1e6 : undefined))
      assert.deepStrictEqual(times, [5_000, 0, 5_000])
    })
  )

  it.effect("Spans of a call are those in the guide", () =>
    Effect.gen(function* () {
      const spans = yield* recorded
      const origin = spans[0]?.status.startTime ?? 0n
      const seconds = (time: bigint) => `${(Number(time - origin) / 1e9).toFixed(3)} s`.padStart(7)
      const lines = spans.map(({ attributes, name, status }, index) => {
        const times = status._tag === "Ended" ? `${seconds(status.startTime)} – ${seconds(status.endTime)}` : ""
        const told = [...attributes].map(([key, value]) => `${key}=${String(value)}`).join(" ")
        return `${index === 0 ? "" : "  "}${name}`.padEnd(27) + `${times}  ${told}`
      })
      assert.include(
        readFileSync(new URL("../../../docs/retries-and-rate-limits.md", import.meta.url), "utf8"),
        lines.join("\n")
      )
    })
  )
})

describe("OTLP", () => {
  it.live("OTLP exports spans, metrics and logs with one layer", () =>
    Effect.gen(function* () {
      const received = new Map<string, string>()
      const collector = yield* serve((request, response) => {
        let text = ""
        request.on("data", (chunk) => (text += String(chunk)))
        request.on("end", () => {
          received.set(request.url ?? "", `${received.get(request.url ?? "") ?? ""}${text}`)
          response.writeHead(200, { "content-type": "application/json" }).end("{}")
        })
      })
      yield* withClient(server([{ status: 503 }, { status: 200 }]), get).pipe(
        Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, baseDelay: 0 }),
        Effect.provideService(References.MinimumLogLevel, "Debug"),
        Effect.provide(
          Otlp.layerJson({
            baseUrl: collector.origin,
            resource: { serviceName: "login" },
            loggerMergeWithExisting: false
          }).pipe(Layer.provide(NodeHttpClient.layerUndici))
        )
      )
      assert.sameMembers([...received.keys()], ["/v1/traces", "/v1/metrics", "/v1/logs"])
      assert.match(received.get("/v1/traces") ?? "", /"name":"connections\.get".*"http\.request\.resend_count"/)
      assert.match(received.get("/v1/traces") ?? "", /"name":"connections\.get attempt"/)
      assert.match(received.get("/v1/metrics") ?? "", /"name":"workos\.client\.operation\.duration"[^]*"unit":"s"/)
      assert.match(received.get("/v1/logs") ?? "", /The request is retried/)
      assert.notInclude([...received.values()].join(""), "sk_test_scripted")
    })
  )
})
