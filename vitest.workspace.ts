// Vitest's configuration: one project per package, and one per example.
import { join } from "node:path"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    // Two files at a time also on two cores, and of the tests that start processes no more than there are cores.
    maxWorkers: 2,
    maxConcurrency: 2,
    // Files share what is loaded; none of them changes what others see.
    isolate: false,
    projects: [
      ...["domain", "client", "server", "emulator", "export", "contract", "cli", "bench"].map(
        (name) => `packages/${name}`
      ),
      ...["sign-in", "first-request", "backend", "from-workos-node", "contract-in-ci", "export-job", "invoices"].map(
        (name) => `examples/${name}`
      )
    ].map((root) => ({
      test: {
        name: root.slice(root.indexOf("/") + 1),
        root,
        include: ["test/**/*.test.ts"],
        testTimeout: 60_000,
        globalSetup: root === "packages/cli" ? join(import.meta.dirname, root, "test/setup.ts") : []
      }
    }))
  }
})
