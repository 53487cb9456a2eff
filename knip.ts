// What knip, which looks for files, exports and dependencies that nobody uses, can't find out by itself.
import type { KnipConfig } from "knip"

const config: KnipConfig = {
  // The examples in the guides are programs as well: what they import is used.
  compilers: {
    md: (text) => Array.from(text.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code]) => code).join("\n")
  },
  ignoreFiles: ["packages/**/README.md"],
  workspaces: {
    ".": { entry: ["scripts/*.ts", "*.md", "docs/**/*.md"], project: ["scripts/*.ts", "*.md", "docs/**/*.md"] },
    // Vitest runs these in a process of its own.
    "packages/contract": { entry: ["test/engine/fixtures/*.ts"] },
    // What is bundled asks for it when it runs.
    "packages/cli": { ignoreDependencies: ["undici"] },
    // Its programs are copied to where the packages are installed, and its tools and both versions of Node run by path.
    "packages/installed": {
      entry: ["programs/*.ts", "test/installing.ts"],
      ignoreDependencies: ["@arethetypeswrong/cli", "publint", "node", "node22"]
    }
  },
  // What compilers call the plugin that `@effect/tsgo` has inside.
  ignoreDependencies: ["@effect/language-service"],
  // Tests that need these are skipped if they are missing.
  ignoreBinaries: ["mount", "umount"]
}

export default config
