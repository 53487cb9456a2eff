// The Docker image and the workflow, in a repository that installs the packages from tarballs. Docker is not used: the steps
// run in folders.
import { assert, describe, it } from "@effect/vitest"
import * as Process from "@effect-workos/testing/Process"
import { isExhaustive } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { delimiter, join } from "node:path"
import * as Yaml from "yaml"
import * as Dockerfile from "./dockerfile.ts"
import { environment, layerEmulator, organization, pathOf, start } from "./workos.ts"

const Manifest = Schema.Struct({
  version: Schema.String,
  scripts: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
const manifestIn = (folder: string) =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Manifest))(readFileSync(join(folder, "package.json"), "utf8"))

const Workflow = Schema.Struct({
  jobs: Schema.Struct({
    test: Schema.Struct({
      steps: Schema.Array(
        Schema.Struct({
          run: Schema.optionalKey(Schema.String),
          "working-directory": Schema.optionalKey(Schema.String)
        })
      )
    })
  })
})
const workflow = Schema.decodeUnknownSync(Workflow)(Yaml.parse(readFileSync(pathOf("ci.yml"), "utf8")))

// The test of the repository: reads from the emulator, without a network.
const test = `
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const ConnectionsTest = Connections.layer.pipe(
  Layer.provide(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey })),
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provide(Store.layer({ connections: 20, organizations: 5, seed: 1 }))
)
const { data } = await Effect.runPromise(Effect.provide(Connections.use(({ list }) => list()), ConnectionsTest))
console.log(data.length + " connections")
`

/** A repository with the files of this example. Its packages are not installed yet. */
const makeRepository = Effect.gen(function* () {
  const folder = yield* Process.folder("repository-")
  const repository = join(folder, "repository")
  for (const name of ["src", "scripts", "Dockerfile", ".dockerignore"]) {
    cpSync(pathOf(name), join(repository, name), { recursive: true })
  }
  const { scripts } = manifestIn(pathOf("."))
  const versions = (...names: ReadonlyArray<string>) =>
    Object.fromEntries(names.map((name) => [name, manifestIn(pathOf(`node_modules/${name}`)).version]))
  const manifest = {
    private: true,
    type: "module",
    scripts: { ...scripts, test: "node test.ts" },
    dependencies: versions("effect", "@effect/platform-node"),
    devDependencies: versions("esbuild")
  }
  writeFileSync(join(repository, "package.json"), JSON.stringify(manifest))
  writeFileSync(join(repository, "test.ts"), test)
  // The folder of the second checkout. Its `pack:all` packs the packages of this workspace, which are built already.
  mkdirSync(join(repository, "effect-workos"))
  const pack = `exec "${process.execPath}" "${pathOf("../../scripts/pack.ts")}" "$@"`
  const npx = `#!/bin/sh\n[ "$1 $2 $3" = "-y pnpm@12 pack:all" ] || exit 127\nshift 3\n${pack}\n`
  const tools = join(folder, "tools")
  mkdirSync(tools)
  writeFileSync(join(tools, "npx"), npx, { mode: 0o755 })
  return { folder, repository, PATH: [tools, process.env["PATH"]].join(delimiter) }
})

const freePort = Effect.callback<string>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(String(typeof address === "object" ? address?.port : ""))))
  })
})

describe("deployment", () => {
  it("The Dockerfile copies only files that exist and that Docker reads", () => {
    // A repository has these, but the example does not.
    const others = ["package-lock.json", "vendor"]
    const sources = Dockerfile.instructions
      .filter(({ name }) => name === "COPY")
      .map(({ args }) => Dockerfile.copyOf(args))
      .flatMap(({ from, sources }) => (from === undefined ? sources : []))
    assert.sameMembers(sources, [...Dockerfile.included()])
    for (const source of sources) assert.isTrue(others.includes(source) || existsSync(pathOf(source)), source)
  })

  it("The image runs the server without root, without a shell and with `NODE_ENV=production`", () => {
    assert.strictEqual(Dockerfile.argsOf("USER"), "node")
    assert.strictEqual(Dockerfile.argsOf("ENV"), "NODE_ENV=production")
    assert.deepStrictEqual(Dockerfile.commandOf(Dockerfile.argsOf("CMD")), ["node", "main.mjs"])
  })

  it.live.skipIf(!isExhaustive)(
    "A repository with the tarballs passes its workflow, and the steps of the Dockerfile build a healthy server",
    () =>
      Effect.gen(function* () {
        const { PATH, folder, repository } = yield* makeRepository
        for (const { run, "working-directory": directory = "." } of workflow.jobs.test.steps) {
          if (run === undefined) continue
          const options = {
            cwd: join(repository, directory),
            env: { ...process.env, PATH },
            encoding: "utf8",
            stdio: "pipe"
          } as const
          const output = execFileSync("bash", ["-e", "-c", run], options)
          if (run === "npm test") assert.include(output, "10 connections")
        }
        assert.lengthOf(readdirSync(join(repository, "vendor")), 8)
        assert.isFalse(existsSync(join(repository, "effect-workos")))

        const cwd = yield* Dockerfile.run(repository, join(folder, "docker"))
        assert.deepStrictEqual(readdirSync(cwd), ["main.mjs"])
        const env = { ...(yield* environment), NODE_ENV: "production", PORT: yield* freePort }
        const [program = "", ...args] = Dockerfile.commandOf(Dockerfile.argsOf("CMD"))
        const server = yield* start(program, args, { cwd, env })
        yield* Effect.promise(() => server.printed(/Listening on /))

        const [check = "", ...checkArgs] = Dockerfile.commandOf(/CMD (.+)$/.exec(Dockerfile.argsOf("HEALTHCHECK"))?.[1])
        const healthCheck = () => spawnSync(check, checkArgs, { cwd, env: { ...process.env, ...env } }).status
        assert.strictEqual(healthCheck(), 0)
        const { connections, id } = yield* organization
        const response = yield* Effect.promise(() =>
          fetch(`http://127.0.0.1:${env.PORT}/organizations/${id}/connections`)
        )
        assert.deepStrictEqual(yield* Effect.promise(() => response.json()), connections)
        server.kill("SIGTERM")
        assert.strictEqual(yield* Effect.promise(() => server.exitCode), 130)
        assert.strictEqual(healthCheck(), 1)
      }).pipe(Effect.scoped, Effect.provide(layerEmulator())),
    300_000
  )
})
