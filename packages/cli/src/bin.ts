#!/usr/bin/env node
// The entry of the command line. Node keeps what it has compiled, so that the next start takes half the time.
import { enableCompileCache } from "node:module"

enableCompileCache()
await import("./effect-workos.ts")
