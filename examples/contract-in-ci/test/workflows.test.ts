// The workflows of docs/verifying-in-ci.md. Their shell steps run against the emulator; their `uses:` steps are only
// parsed.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { sample } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import packageJson from "effect-workos/package.json" with { type: "json" }
import { createServer } from "node:http"
import * as Workflow from "./workflow.ts"

const key = "sk_test_of_staging_9c2f"

const emptyBaseline = { "contract-baseline.json": '{ "failures": [] }\n' }

/** A server that fails on each connection by id. */
const broken: Emulator.Options = {
  faults: [{ method: "GET", path: "/connections/:id", kind: "status", status: 500 }]
}

/** Runs the nightly workflow against a new staging server. */
const nightly = (options: Emulator.Options, files: Readonly<Record<string, string>> = emptyBaseline) =>
  Effect.gen(function* () {
    const url = yield* HttpServer.addressFormattedWith(Effect.succeed)
    return yield* Workflow.run(
      "staging.yml",
      { vars: { WORKOS_BASE_URL: url }, secrets: { WORKOS_API_KEY: key } },
      files
    )
  }).pipe(
    Effect.provide(
      Layer.fresh(
        Emulator.layerServer({ apiKey: Redacted.make(key), ...options }).pipe(
          Layer.provide(Store.layer({ connections: 12, organizations: 5, seed: 1 })),
          Layer.provideMerge(
            NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
          )
        )
      )
    )
  )

const freePort = Effect.callback<string>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(String(typeof address === "object" ? address?.port : ""))))
  })
})

const fake = Workflow.textOf("fake.js")

/** The three bugs of the fake, and the correct code. */
const bugs: ReadonlyArray<readonly [bug: string, correct: string]> = [
  ['?.startsWith("Bearer sk_test_")', " === `Bearer ${process.env.WORKOS_API_KEY}`"],
  ["domains[0].domain.endsWith(domain.toLowerCase())", '["", domains[0].domain].includes(domain.toLowerCase())'],
  ["Math.max(position, 0)", "before === undefined ? position + 1 : position"]
]

const fakeWithoutBugs = bugs.reduce((text, [bug, correct]) => text.replace(bug, correct), fake)

/** Runs the workflow for pull requests with a fake. */
const pullRequest = (text: string) =>
  Effect.flatMap(freePort, (port) => Workflow.run("fake.yml", { env: { FAKE_PORT: port } }, { "fake.js": text }, ""))

interface Case {
  readonly behaviour: string
  readonly check: Effect.Effect<void, ServeError, Scope.Scope>
}

const completeRuns: ReadonlyArray<Case> = [
  {
    behaviour: "The nightly workflow passes on a conforming server, and keeps its reports and a summary",
    check: Effect.gen(function* () {
      const { codes, file, output, summary } = yield* nightly({})
      assert.deepStrictEqual(codes, [0], output)
      assert.match(summary, /^## ✅ /)
      assert.match(file("contract.xml") ?? "", /<testsuites .* failures="0"/)
      assert.match(file("contract.html") ?? "", /^<!doctype html>/)
    })
  },
  {
    behaviour:
      "The nightly workflow fails on a broken server with annotations, a summary and reports, none of which contains the key",
    check: Effect.gen(function* () {
      const { codes, file, output, summary } = yield* nightly(broken)
      assert.deepStrictEqual(codes, [1], output)
      assert.match(output, /^::error title=resources\/get-matches-list on connections\.get::/m)
      assert.match(summary, /^## ❌ /)
      assert.include(summary, "resources/get-matches-list")
      const reports = [file("contract.xml") ?? "", file("contract.html") ?? ""]
      for (const report of reports) assert.include(report, "resources/get-matches-list")
      assert.notInclude([output, summary, ...reports].join(""), key)
    })
  },
  {
    behaviour: "The nightly workflow passes if the baseline contains all failures",
    check: Effect.gen(function* () {
      const known = ["resources/get-matches-list", "resources/unknown-id"].map((law) => ({
        law,
        operation: "connections.get",
        message: "a known failure of staging"
      }))
      const baseline = JSON.stringify({ failures: known })
      const { codes, output, summary } = yield* nightly(broken, { "contract-baseline.json": baseline })
      assert.deepStrictEqual(codes, [0], output)
      assert.include(summary, "Known failures")
    })
  },
  {
    behaviour: "The workflow for pull requests reports the three bugs of the fake as three findings",
    check: Effect.gen(function* () {
      const { codes, file, output, summary } = yield* pullRequest(fake)
      assert.deepStrictEqual(codes, [0, 0, 1], output)
      const findings = Array.from(output.matchAll(/^✕ (\S+)/gm), ([, law]) => law)
      assert.deepStrictEqual(findings, ["lists/cursors-end", "lists/filter-matches", "access/wrong-key"])
      assert.match(summary, /^## ❌ /)
      assert.include(file("contract.xml"), "lists/cursors-end")
    })
  },
  {
    behaviour: "The workflow for pull requests passes on the fake without its bugs",
    check: Effect.gen(function* () {
      const { codes, output, summary } = yield* pullRequest(fakeWithoutBugs)
      assert.deepStrictEqual(codes, [0, 0, 0], output)
      assert.match(summary, /^## ✅ /)
    })
  }
]

const unreachable = { WORKOS_BASE_URL: "http://127.0.0.1:1" }

/** A run of the nightly workflow that ends with its first step. */
const misconfigured = (
  contexts: Workflow.Contexts,
  files: Readonly<Record<string, string>>,
  code: number,
  message: string
) =>
  Effect.gen(function* () {
    const { codes, output } = yield* Workflow.run("staging.yml", contexts, files)
    assert.deepStrictEqual(codes, [code])
    assert.include(output, message)
  })

const configured = { vars: unreachable, secrets: { WORKOS_API_KEY: key } }

const failedRuns: ReadonlyArray<Case> = [
  {
    behaviour: "The nightly workflow exits with 1 if the server is unreachable",
    check: misconfigured(configured, emptyBaseline, 1, "No response from http://127.0.0.1:1")
  },
  {
    behaviour: "The nightly workflow exits with 2 without a key",
    check: misconfigured({ vars: unreachable }, emptyBaseline, 2, "WORKOS_API_KEY is missing")
  },
  {
    behaviour: "The nightly workflow exits with 2 without a baseline",
    check: misconfigured(configured, {}, 2, "--update-baseline")
  },
  {
    behaviour: "The workflow for pull requests fails before the verification if the fake does not start",
    check: Effect.gen(function* () {
      const { codes } = yield* Workflow.run("fake.yml", { env: { FAKE_PORT: "70000" } }, { "fake.js": fake })
      assert.strictEqual(codes.length, 2)
      assert.notStrictEqual(codes[1], 0)
    })
  }
]

describe("runs of the workflows", { concurrent: true }, () => {
  for (const { behaviour, check } of [...sample(completeRuns, 1), ...sample(failedRuns, 1)])
    it.live(behaviour, () => Effect.scoped(check))
})

describe.each(["staging.yml", "fake.yml"])("%s", (name) => {
  const workflow = Workflow.parse(name)
  const { steps } = workflow.jobs.verify

  it(`${name} has only the permission to read the repository`, () => {
    assert.deepStrictEqual(workflow.permissions, { contents: "read" })
  })

  it(`${name} has steps that run a script or use an action with a version`, () => {
    for (const { run, uses } of steps) {
      assert.isTrue((run === undefined) !== (uses === undefined))
      if (uses !== undefined) assert.match(uses, /^actions\/[a-z-]+@v\d+$/)
    }
  })

  it(`${name} gives the key only to the step that needs it, and has no expressions in scripts`, () => {
    for (const { run = "", uses } of steps) {
      assert.notInclude(run, "${{")
      if (uses !== undefined) assert.notInclude(JSON.stringify(steps.find((step) => step.uses === uses)), "secrets.")
    }
  })

  it(`${name} keeps the reports of a failed run`, () => {
    const upload = steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))
    assert.strictEqual(upload?.if, "${{ !cancelled() }}")
    assert.include(String(upload?.with?.["path"]), "contract.*")
  })

  it(`${name} requests the current major version from npm`, () => {
    const [major] = packageJson.version.split(".")
    assert.include(Workflow.textOf(name), `npx -y effect-workos@${major} `)
  })
})
