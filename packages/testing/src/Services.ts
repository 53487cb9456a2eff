// One Chromium, one PostgreSQL and one Redis per test run. Tests that need a service that is not installed are skipped.
import { inject } from "vitest"
import type { Redis } from "./Redis.ts"

/**
 * The services that are running. A service that is not installed is `undefined`.
 */
export interface Services {
  /** The endpoint for `Chromium.layerConnect`. */
  readonly chromium: string | undefined
  /** The URL of a database. */
  readonly postgres: string | undefined
  readonly redis: Redis | undefined
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly services: Services
  }
}

export const { chromium, postgres, redis } = inject("services")
