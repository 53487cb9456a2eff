// What knip, which looks for files, exports and dependencies that nobody uses, can't find out by itself.
import type { KnipConfig } from "knip"

const config: KnipConfig = {
  // The examples in the guides are programs as well: what they import is used.
  compilers: {
    md: (text) => Array.from(text.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code]) => code).join("\n")
  },
  workspaces: {
    ".": { entry: ["scripts/*.ts", "*.md", "docs/**/*.md"], project: ["scripts/*.ts", "*.md", "docs/**/*.md"] },
    // Vitest runs these in a process of its own.
    "packages/contract": { entry: ["test/engine/fixtures/*.ts"] }
  },
  // What compilers call the plugin that `@effect/tsgo` has inside.
  ignoreDependencies: ["@effect/language-service"],
  // Tests that need these skip themselves where they are missing.
  ignoreBinaries: ["mount", "umount", "redis-server"]
}

export default config
