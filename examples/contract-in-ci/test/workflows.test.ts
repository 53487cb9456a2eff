// The workflows of the guide. Their shell steps are run against the emulator, as it is and broken; their `uses:` steps are
// looked at only.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import packageJson from "effect-workos/package.json" with { type: "json" }
import { createServer } from "node:http"
import * as Workflow from "./workflow.ts"

const key = "sk_test_of_staging_9c2f"

const nothingKnown = { "contract-baseline.json": '{ "failures": [] }\n' }

/** A server that is up, and breaks on every connection that is asked for by its id. */
const broken: Emulator.Options = {
  faults: [{ method: "GET", path: "/connections/:id", kind: "status", status: 500 }]
}

/** Runs the nightly workflow against a staging server of its own. */
const nightly = (options: Emulator.Options, files: Readonly<Record<string, string>> = nothingKnown) =>
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
          Layer.provide(Store.layer({ connections: 60, organizations: 5, seed: 1 })),
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

describe("the nightly workflow", { concurrent: true }, () => {
  it.live("passes where staging keeps its word, and leaves its reports and a summary", () =>
    Effect.gen(function* () {
      const { codes, file, output, summary } = yield* nightly({})
      assert.deepStrictEqual(codes, [0], output)
      assert.match(summary, /^## ✅ /)
      assert.match(file("contract.xml") ?? "", /<testsuites .* failures="0"/)
      assert.match(file("contract.html") ?? "", /^<!doctype html>/)
    }).pipe(Effect.scoped)
  )

  it.live("fails where staging is broken: with annotations, a summary, reports all the same, and nowhere the key", () =>
    Effect.gen(function* () {
      const { codes, file, output, summary } = yield* nightly(broken)
      assert.deepStrictEqual(codes, [1], output)
      assert.match(output, /^::error title=resources\/get-matches-list on connections\.get::/m)
      assert.match(summary, /^## ❌ /)
      assert.include(summary, "resources/get-matches-list")
      const reports = [file("contract.xml") ?? "", file("contract.html") ?? ""]
      for (const report of reports) assert.include(report, "resources/get-matches-list")
      assert.notInclude([output, summary, ...reports].join(""), key)
    }).pipe(Effect.scoped)
  )

  it.live("passes where all that fails is in the baseline", () =>
    Effect.gen(function* () {
      const known = ["resources/get-matches-list", "resources/unknown-id"].map((law) => ({
        law,
        operation: "connections.get",
        message: "a known fault of staging"
      }))
      const baseline = JSON.stringify({ failures: known })
      const { codes, output, summary } = yield* nightly(broken, { "contract-baseline.json": baseline })
      assert.deepStrictEqual(codes, [0], output)
      assert.include(summary, "Known failures")
    }).pipe(Effect.scoped)
  )

  it.live("fails where nothing was checked: 1 without a server, 2 without a key or a baseline", () =>
    Effect.gen(function* () {
      const nowhere = { WORKOS_BASE_URL: "http://127.0.0.1:1" }
      const secrets = { WORKOS_API_KEY: key }
      const down = yield* Workflow.run("staging.yml", { vars: nowhere, secrets }, nothingKnown)
      assert.deepStrictEqual(down.codes, [1])
      const noKey = yield* Workflow.run("staging.yml", { vars: nowhere }, nothingKnown)
      assert.deepStrictEqual(noKey.codes, [2])
      assert.include(noKey.output, "Set WORKOS_API_KEY")
      const noBaseline = yield* Workflow.run("staging.yml", { vars: nowhere, secrets })
      assert.deepStrictEqual(noBaseline.codes, [2])
      assert.include(noBaseline.output, "--update-baseline")
    }).pipe(Effect.scoped)
  )
})

describe("the workflow that starts its own fake", () => {
  it.live("waits for it, holds it to what is created and deleted too, and leaves its reports", () =>
    Effect.gen(function* () {
      const { codes, file, output, summary } = yield* Workflow.run("fake.yml", { env: { FAKE_PORT: yield* freePort } })
      assert.deepStrictEqual(codes, [0, 0], output)
      assert.match(summary, /^## ✅ /)
      assert.include(file("contract.xml"), "lifecycle/created-in-get")
      assert.include(file("fake.log"), "emulator ready")
    }).pipe(Effect.scoped)
  )

  it.live("fails in its first step where the fake does not start", () =>
    Effect.gen(function* () {
      const { codes } = yield* Workflow.run("fake.yml", { env: { FAKE_PORT: "70000" } })
      assert.strictEqual(codes.length, 1)
      assert.notStrictEqual(codes[0], 0)
    }).pipe(Effect.scoped)
  )
})

describe.each(["staging.yml", "fake.yml"])("%s", (name) => {
  const workflow = Workflow.parse(name)
  const { steps } = workflow.jobs.verify

  it("may read the repository, and nothing else", () => {
    assert.deepStrictEqual(workflow.permissions, { contents: "read" })
  })

  it("has steps that either run something or use an action of a named version", () => {
    for (const { run, uses } of steps) {
      assert.isTrue((run === undefined) !== (uses === undefined))
      if (uses !== undefined) assert.match(uses, /^actions\/[a-z-]+@v\d+$/)
    }
  })

  it("gives the key to the step that needs it, and puts no expression into a shell", () => {
    for (const { run = "", uses } of steps) {
      assert.notInclude(run, "${{")
      if (uses !== undefined) assert.notInclude(JSON.stringify(steps.find((step) => step.uses === uses)), "secrets.")
    }
  })

  it("keeps the reports of a run that has failed", () => {
    const upload = steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))
    assert.strictEqual(upload?.if, "${{ !cancelled() }}")
    assert.include(String(upload?.with?.["path"]), "contract.*")
  })

  it("asks npm for the version that this is", () => {
    const [major] = packageJson.version.split(".")
    assert.include(Workflow.textOf(name), `npx -y effect-workos@${major} `)
  })
})
