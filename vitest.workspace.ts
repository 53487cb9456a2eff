// Vitest's configuration: one project per package.
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    projects: ["domain", "client", "emulator", "export", "contract", "cli"].map((name) => ({
      test: {
        name,
        root: `packages/${name}`,
        include: ["test/**/*.test.ts"],
        testTimeout: 30_000
      }
    }))
  }
})
