// Vitest's configuration. `pnpm test` runs a random sample of the exhaustive tests, `pnpm test:all` (`--mode all`) runs all
// of them, and also the tests of the packages as they are installed.
import { defineConfig } from "vitest/config"

export default defineConfig(({ mode }) => {
  const isExhaustive = mode === "all"
  // The setup in this process reads these variables, and the workers inherit them.
  process.env["TEST_EXHAUSTIVE"] = String(isExhaustive)
  process.env["TEST_SEED"] ??= String(Math.floor(Math.random() * 1_000_000))
  return {
    test: {
      // One project, whose workers start once and load each module once.
      include: ["packages/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
      exclude: ["**/node_modules/**", ...(isExhaustive ? [] : ["packages/installed/**"])],
      globalSetup: [
        "packages/testing/src/setup.ts",
        "packages/cli/test/setup.ts",
        ...(isExhaustive ? ["packages/installed/test/installing.ts"] : [])
      ],
      setupFiles: ["packages/testing/src/seedProperties.ts"],
      // One more than the cores of small machines, because some tests wait for processes.
      maxWorkers: 3,
      maxConcurrency: 2,
      // Files share the modules that they load. No file changes the state of a shared module.
      isolate: false,
      // Node runs the sources as they are.
      experimental: { viteModuleRunner: false },
      testTimeout: 60_000
    }
  }
})
