// The published packages as their users have them: what `pnpm build` left in `dist` is packed, installed in an empty
// project outside of the workspace, and used there (`pnpm test:packages`).
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/installing.ts"],
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 300_000,
    hookTimeout: 30_000
  }
})
