// Runs before all tests. Starts the services, and prints the seed of the run.
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { TestProject } from "vitest/node"
import * as Chromium from "./Chromium.ts"
import * as PostgreSql from "./PostgreSql.ts"
import * as Redis from "./Redis.ts"
import { isExhaustive, seed } from "./Sample.ts"

/** Names of services that tests must not use, although they are installed. */
const without = (process.env["TEST_WITHOUT"] ?? "").split(",")

const serveIfInstalled = <A, R>(name: string, isInstalled: boolean, serve: Effect.Effect<A, never, R>) => {
  if (isInstalled && !without.includes(name)) return serve
  process.stderr.write(
    `Tests with ${name} are skipped: ${isInstalled ? "TEST_WITHOUT contains this name" : `${name} is not installed`}.\n`
  )
  return Effect.undefined
}

const services = Effect.all(
  {
    chromium: serveIfInstalled("chromium", Chromium.executable !== undefined, Chromium.serve),
    postgres: serveIfInstalled("postgresql", PostgreSql.isInstalled, PostgreSql.serve),
    redis: serveIfInstalled("redis", Redis.isInstalled, Redis.serve)
  },
  { concurrency: "unbounded" }
)

export default async ({ provide }: TestProject) => {
  process.stderr.write(
    isExhaustive
      ? `Running all cases with seed ${seed}. To repeat this run: TEST_SEED=${seed} pnpm test:all\n`
      : `Running a sample of all cases with seed ${seed}. To repeat this run: TEST_SEED=${seed} pnpm test\n`
  )
  const scope = Effect.runSync(Scope.make())
  provide("services", await Effect.runPromise(Scope.provide(services, scope)))
  return () => Effect.runPromise(Scope.close(scope, Exit.void))
}
