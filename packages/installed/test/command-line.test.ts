// The command line after installation with npm.
import { assert, describe, inject, it } from "vitest"
import { emulated, nodes, run, slow, succeed } from "./running.ts"

const project = inject("project")
const bin = "node_modules/.bin/effect-workos"

describe.each(nodes)("Node $version", { concurrent: true, ...slow }, (node) => {
  const { env } = node

  it(`The installed command prints its version on Node ${node.version}`, async () => {
    const version = inject("packages").find(({ name }) => name === "effect-workos")?.manifest.version
    assert.include(await succeed(bin, ["--version"], { cwd: project, env }), `v${version}`)
  })

  it(`The installed command serves the emulator until SIGINT, and lists connections, on Node ${node.version}`, async () => {
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

  it(`The installed command rejects an unknown flag on Node ${node.version}`, async () => {
    const { code, stderr } = await run(bin, ["connections", "list", "--no-such-flag"], { cwd: project, env })
    assert.strictEqual(code, 2)
    assert.include(stderr, "--no-such-flag")
  })
})
