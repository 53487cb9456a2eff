// The command line, as npm put it in place.
import { assert, describe, inject, it } from "vitest"
import { emulated, nodes, run, succeed } from "./running.ts"

const project = inject("project")
const bin = "node_modules/.bin/effect-workos"

describe.each(nodes)("on Node $version", { concurrent: true }, (node) => {
  const { env } = node

  it("says its version", async () => {
    const version = inject("packages").find(({ name }) => name === "effect-workos")?.manifest.version
    assert.include(await succeed(bin, ["--version"], { cwd: project, env }), `v${version}`)
  })

  it("emulates a WorkOS and lists its connections, until Ctrl-C", async () => {
    const ended = await emulated(
      project,
      async ({ key, url }) => {
        const stdout = await succeed(bin, ["connections", "list", "--limit", "3"], {
          cwd: project,
          env: { ...env, WORKOS_API_KEY: key, WORKOS_BASE_URL: url }
        })
        assert.match(stdout, /^ID +NAME .*\n(conn_\w+ .*\n){3}$/)
      },
      node
    )
    assert.strictEqual(ended.code, 130, ended.stderr)
  })

  it("refuses a flag that it does not have", async () => {
    const { code, stderr } = await run(bin, ["connections", "list", "--no-such-flag"], { cwd: project, env })
    assert.strictEqual(code, 2)
    assert.include(stderr, "--no-such-flag")
  })
})
