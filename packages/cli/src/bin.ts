#!/usr/bin/env node
// The entry point. Node's compile cache halves the time of later starts.
//
// Older versions of Node would fail with a syntax error, so the version is checked first.
import * as Module from "node:module"

const oldest = [22, 19] as const

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `effect-workos requires Node ${oldest.join(".")} or later. This is Node ${process.versions.node}.\n`
  )
  process.exitCode = 2
} else {
  Module.enableCompileCache()
  await import("./effect-workos.ts")
}
