// The configuration of knip, which finds unused files, exports and dependencies: uses that knip cannot detect.
import type { KnipConfig } from "knip"

const config: KnipConfig = {
  // The examples in the guides are programs, so their imports count as uses.
  compilers: {
    md: (text) => Array.from(text.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code]) => code).join("\n")
  },
  ignoreFiles: ["packages/**/README.md"],
  workspaces: {
    ".": { entry: ["scripts/*.ts", "*.md", "docs/**/*.md"], project: ["scripts/*.ts", "*.md", "docs/**/*.md"] },
    // Vitest runs these files in a separate process.
    "packages/contract": { entry: ["test/engine/fixtures/*.ts"] },
    // The bundle imports undici at run time.
    "packages/cli": { ignoreDependencies: ["undici"] },
    // The workflow for pull requests runs this program.
    "examples/contract-in-ci": { entry: ["fake.js"] },
    // The bundling script names these programs.
    "examples/production": { entry: ["src/main.ts", "src/edge.ts"] },
    // The programs are copied to the folder with the installed packages. Tools and both versions of Node are run by path.
    "packages/installed": {
      entry: ["programs/*.ts", "test/installing.ts"],
      ignoreDependencies: ["@arethetypeswrong/cli", "publint", "node", "node22"]
    }
  },
  // The name in `tsconfig.base.json` of a plugin that `@effect/tsgo` contains.
  ignoreDependencies: ["@effect/language-service"],
  // Tests that need these are skipped if they are missing.
  ignoreBinaries: ["mount", "umount", "systemd-analyze"]
}

export default config
