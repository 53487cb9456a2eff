// PostgreSQL for tests, if it is installed.
import * as Effect from "effect/Effect"
import { execFileSync, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chownSync, globSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import * as Process from "./Process.ts"

// Debian installs the programs of each version outside of PATH.
const newest = globSync("/usr/lib/postgresql/*/bin/initdb").toSorted().at(-1)
const bin = newest === undefined ? "" : dirname(newest)

const idOf = (flag: "-u" | "-g"): number => Number(spawnSync("id", [flag, "postgres"]).stdout)

// PostgreSQL does not run as root.
const user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {}

/**
 * True if PostgreSQL is installed and can run.
 */
export const isInstalled = Process.isInstalled(join(bin, "postgres")) && user.uid !== 0

const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0)))
  })
})

/**
 * Starts PostgreSQL on a free port of the loopback interface for the lifetime of the scope. Returns the URL of a database.
 */
export const serve = Effect.gen(function* () {
  const folder = yield* Process.folder("postgres-")
  const password = randomBytes(16).toString("hex")
  const passwordFile = join(folder, "password")
  writeFileSync(passwordFile, password)
  if (user.uid !== undefined) {
    chownSync(folder, user.uid, user.gid)
    chownSync(passwordFile, user.uid, user.gid)
  }
  const data = join(folder, "data")
  const initialize = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8"]
  const options = { cwd: folder, ...user }
  execFileSync(join(bin, "initdb"), [...initialize, "--locale", "C", "--no-sync"], { ...options, stdio: "pipe" })
  const port = yield* freePort
  const args = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder, "-c", "fsync=off"]
  yield* Process.start(join(bin, "postgres"), args, /ready to accept connections/, options)
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
})
