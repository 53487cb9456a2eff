// The allowed imports of each package: other packages of the workspace, and dependencies.
const packages = [
  "domain",
  "client",
  "server",
  "emulator",
  "export",
  "contract-engine",
  "contract",
  "cli",
  "bench",
  "testing"
]

/** The allowed imports of the sources of each package, in addition to the package itself. */
const mayImport = {
  domain: ["effect"],
  client: ["effect", "domain"],
  server: ["effect", "domain", "client", "jose", "@effect/platform-node", "node:"],
  emulator: ["effect", "domain"],
  export: ["effect", "domain", "client", "csv-stringify", "hyparquet-writer"],
  "contract-engine": ["effect", "fast-check"],
  contract: ["effect", "domain", "contract-engine", "@effect/vitest"],
  cli: [
    "effect",
    "domain",
    "client",
    "server",
    "emulator",
    "export",
    "contract-engine",
    "contract",
    "@effect/platform-node",
    "node:"
  ],
  bench: [
    "effect",
    "domain",
    "client",
    "server",
    "emulator",
    "export",
    "contract-engine",
    "contract",
    "@effect/platform-node",
    "@workos-inc/node",
    "esbuild",
    "undici",
    "node:"
  ],
  testing: ["effect", "playwright-core", "vitest", "node:"]
}

/** The allowed imports of the sources of an example: published packages except the emulator. */
const exampleMayImport = [
  "effect",
  "domain",
  "client",
  "server",
  "export",
  "contract-engine",
  "contract",
  "@effect/platform-node",
  "@effect/sql-pg",
  "@workos-inc/node",
  "node:"
]

const pathOf = (name) =>
  packages.includes(name)
    ? `^packages/${name}/src/`
    : name === "node:"
      ? "^node:|^[a-z0-9_/]+$"
      : `node_modules/${name}/`

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-barrels",
      comment:
        "A barrel loads everything behind it: `effect/Schema`, not `effect`; `effect/http/HttpClient`, not `effect/http`.",
      severity: "error",
      from: {
        path: "^packages/(domain|client|server|emulator|export|contract-engine|contract|cli)/src/|^examples/[^/]+/src/"
      },
      to: {
        path: ["effect", "@effect/platform-node"].flatMap((name) => [
          `node_modules/${name}/dist/index[.]`,
          `node_modules/${name}/dist/[a-z-]+/index[.]`
        ])
      }
    },
    ...packages.map((name) => ({
      name: `${name}-imports-only-what-it-may`,
      severity: "error",
      from: { path: `^packages/${name}/src/` },
      to: { pathNot: [`^packages/${name}/(src/|package.json)`, ...mayImport[name].map(pathOf)] }
    })),
    {
      name: "examples-import-only-what-they-may",
      severity: "error",
      from: { path: "^examples/[^/]+/src/" },
      to: { pathNot: ["^examples/[^/]+/src/", ...exampleMayImport.map(pathOf)] }
    }
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(packages|examples)/[^/]+/(build|dist)/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] }
  }
}
