// The client in a browser: the bundle, and a request with only the globals of browsers.
import { build } from "esbuild"
import { builtinModules } from "node:module"
import { createContext, runInContext } from "node:vm"
import { assert, inject, it } from "vitest"
import { emulated, slow } from "./running.ts"

const project = inject("project")

const bundle = () =>
  build({
    absWorkingDir: project,
    entryPoints: ["browser.ts"],
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "page",
    metafile: true,
    write: false,
    logLevel: "silent"
  })

it("A browser bundle with the client contains only the client, the domain and Effect", slow, async () => {
  const { metafile } = await bundle()
  const inputs = Object.keys(metafile.inputs)
  const from = inputs.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/dist\//.exec(file)?.[1] ?? file)
  assert.deepStrictEqual([...new Set(from)].toSorted(), [
    "@effect-workos/client",
    "@effect-workos/domain",
    "browser.ts",
    "effect"
  ])
  const imports = Object.values({ ...metafile.inputs, ...metafile.outputs }).flatMap(({ imports }) => imports)
  assert.deepStrictEqual(
    imports.filter(
      ({ external, path }) => external === true || path.startsWith("node:") || builtinModules.includes(path)
    ),
    []
  )
})

// The globals of browsers, without `process`, `Buffer` and `require`.
const globals = {
  AbortController,
  AbortSignal,
  Headers,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  clearInterval,
  clearTimeout,
  console,
  crypto,
  fetch,
  performance,
  queueMicrotask,
  setInterval,
  setTimeout
}

it("A browser bundle with the client gets a connection with only the globals of browsers", slow, async () => {
  const { outputFiles } = await bundle()
  const { code, stderr } = await emulated(project, async ({ key, url }) => {
    const headers = { authorization: `Bearer ${key}` }
    const { data } = await (await fetch(`${url}/connections?limit=1`, { headers })).json()
    const script = `${outputFiles[0]?.text}; page.nameOf(${JSON.stringify(url)}, ${JSON.stringify(key)}, "${data[0].id}")`
    assert.strictEqual(await runInContext(script, createContext({ ...globals })), data[0].name)
  })
  assert.strictEqual(code, 130, stderr)
})
