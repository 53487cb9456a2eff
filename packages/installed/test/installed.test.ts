// The packages after installation with npm: types, imports, and one program per package.
import { assert, describe, inject, it } from "vitest"
import { nodes, run, slow, succeed } from "./running.ts"

const project = inject("project")

describe("types", slow, () => {
  it.each([
    { resolution: "NodeNext", module: "NodeNext" },
    { resolution: "Bundler", module: "ESNext" }
  ])("Programs that import every module compile with $resolution resolution", async ({ module, resolution }) => {
    await succeed("tsc", ["--project", project, "--module", module, "--moduleResolution", resolution])
  })
})

const printed: Readonly<Record<string, ReadonlyArray<string>>> = {
  domain: ["Foo Corp is active since 2026-01-15", "GET /connections/{id}"],
  client: ["250 connections", "the same", "NotFound: Connection not found: 'conn_01E4ZCR3C56J083X43JQXF3JK5'."],
  server: ["dsync.activated", "WrongSignature"],
  emulator: ["200", "401"],
  export: ["250 rows of ndjson", "250 rows of csv", "250 rows of parquet", "id"],
  contract: ["lists/limit connections.list passed", "none failed"]
}

describe.each(nodes)("Node $version", { concurrent: true, ...slow }, ({ env, version }) => {
  it(`The command node runs Node ${version}`, async () => {
    assert.strictEqual(await succeed("node", ["--version"], { env }), `v${version}\n`)
  })

  it(`Node ${version} imports every public module`, async () => {
    assert.strictEqual(await succeed("node", ["every-entry.ts"], { cwd: project, env }), "")
  })

  it(`Node ${version} cannot import an internal module`, async () => {
    const script = `await import("@effect-workos/client/internal/Pages")`
    const { code, stderr } = await run("node", ["--input-type=module", "--eval", script], { cwd: project, env })
    assert.strictEqual(code, 1)
    assert.include(stderr, "ERR_PACKAGE_PATH_NOT_EXPORTED")
  })

  it.each(Object.entries(printed))(
    `A program that uses %s prints the expected output on Node ${version}`,
    async (name, lines) => {
      const stdout = await succeed("node", [`${name}.ts`], { cwd: project, env })
      assert.deepStrictEqual(stdout.trimEnd().split("\n"), [...lines])
    }
  )
})
