#!/usr/bin/env -S node --max-semi-space-size=4
// The entry of the command line. Node keeps what it has compiled, so that the next start takes half the time; and what an
// export throws away page by page needs little room: with Node's own setting the process grows by half before it starts to
// clear up.
import { enableCompileCache } from "node:module"

enableCompileCache()
await import("./effect-workos.ts")
