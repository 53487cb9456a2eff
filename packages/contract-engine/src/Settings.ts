/**
 * The settings of a run, and their defaults.
 *
 * @module
 */
import * as Duration from "effect/Duration"

/**
 * The operations and the laws to check.
 *
 * **Details**
 *
 * - `operations` and `excludeOperations`: operations by id (`"events.list"`), group (`"connections"`), path
 *   (`"/connections/:id"`), or method and path (`"GET /connections"`). `*` stands for any text: `"*.list"`,
 *   `"GET /connections*"`.
 * - `laws` and `excludeLaws`: laws by id (`"lists/limit"`), family (`"lists"`), or pattern (`"lists/filter-*"`).
 *
 * - `perOperation`: settings for some operations, by the same names as `operations`.
 *
 * `operations` and `laws` default to all. Checks may read lists of other operations, if a selected operation needs their
 * rows.
 *
 * **Example** (Verifying the read operations of one resource)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import type { SelectionOptions } from "@effect-workos/contract-engine/Settings"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const selection: SelectionOptions = { operations: ["GET /connections*"], excludeLaws: ["responses/time"] }
 *
 * const program = Contract.verify(WorkOs.suite, { ...selection, runs: 20 })
 * ```
 */
export interface SelectionOptions {
  readonly operations?: ReadonlyArray<string> | undefined
  readonly excludeOperations?: ReadonlyArray<string> | undefined
  readonly laws?: ReadonlyArray<string> | undefined
  readonly excludeLaws?: ReadonlyArray<string> | undefined
  readonly perOperation?: Readonly<Record<string, OperationSettings>> | undefined
}

/**
 * Settings of one operation.
 *
 * **Details**
 *
 * - `runs`: the number of generated cases per check.
 * - `requestTimeout`: the time limit of a request.
 * - `maxRate`: the maximum number of requests per minute.
 * - `excludeLaws`: laws that are not checked, by id, family or pattern.
 *
 * **Example** (Sparing a slow operation)
 *
 * ```ts
 * import type { OperationSettings, Settings } from "@effect-workos/contract-engine/Settings"
 *
 * const slow: OperationSettings = { runs: 10, requestTimeout: "30 seconds", maxRate: 60 }
 *
 * const settings: Settings = { perOperation: { "events.list": slow } }
 * ```
 */
export interface OperationSettings {
  readonly runs?: number | undefined
  readonly requestTimeout?: Duration.Input | undefined
  readonly maxRate?: number | undefined
  readonly excludeLaws?: ReadonlyArray<string> | undefined
}

/**
 * The settings of a run.
 *
 * **Details**
 *
 * - `seed`: the same seed sends the same requests to a server with the same data. Defaults to 1.
 * - `runs`: the number of generated cases per check. Defaults to 100.
 * - `workers`: the number of requests that run concurrently. Defaults to 8.
 * - `writes`: true if the run may create resources and delete them again. Defaults to false.
 * - `timeBudget`: the time after which no more requests are sent. Defaults to 5 minutes.
 * - `requestTimeout`: the time limit of a request. Defaults to 10 seconds, or to a quarter of the time budget if that
 *   is less.
 * - `implemented`: true to leave out operations that the server does not implement. Defaults to false, and such operations
 *   are failures.
 * - `maxRate`: the maximum number of requests per minute. Defaults to the rate limit that the server states in headers such
 *   as `RateLimit` and `X-RateLimit-Remaining`.
 * - `defaultRate`: the maximum number of requests per minute until the server states a rate limit, if `maxRate` is absent.
 *   Defaults to no limit.
 * - `maxRows`: the number of rows that are read from each end of a list, to compare responses with. Defaults to 2,000.
 * - `clientId`: the id of an OAuth client. Laws about signing in are skipped without one.
 * - `redirectUri`: a registered redirect URI of the client, to which nothing is sent. Defaults to
 *   `http://localhost/callback`.
 * - `operations`, `excludeOperations`, `laws`, `excludeLaws`: the operations and laws to check. See `SelectionOptions`. Defaults
 *   to all.
 */
export interface Settings extends SelectionOptions {
  readonly seed?: number | undefined
  readonly runs?: number | undefined
  readonly workers?: number | undefined
  readonly writes?: boolean | undefined
  readonly implemented?: boolean | undefined
  readonly timeBudget?: Duration.Input | undefined
  readonly requestTimeout?: Duration.Input | undefined
  readonly maxRate?: number | undefined
  readonly defaultRate?: number | undefined
  readonly maxRows?: number | undefined
  readonly clientId?: string | undefined
  readonly redirectUri?: string | undefined
}

/**
 * Settings with their defaults.
 */
export interface ResolvedSettings {
  readonly seed: number
  readonly runs: number
  readonly workers: number
  readonly writes: boolean
  readonly implemented: boolean
  readonly timeBudget: Duration.Duration
  readonly requestTimeout: Duration.Duration
  readonly maxRate: number | undefined
  readonly defaultRate: number | undefined
  readonly maxRows: number
  readonly clientId: string | undefined
  readonly redirectUri: string | undefined
  readonly selection: SelectionOptions
}

/**
 * Adds the defaults to settings.
 */
export const resolve = (settings: Settings): ResolvedSettings => {
  const timeBudget = Duration.fromInputUnsafe(settings.timeBudget ?? "5 minutes")
  // Several timeouts must fit into the time budget, so that a slow server is reported as slow.
  const defaultTimeout = Duration.min(Duration.seconds(10), Duration.times(timeBudget, 0.25))
  return {
    seed: settings.seed ?? 1,
    runs: settings.runs ?? 100,
    workers: settings.workers ?? 8,
    writes: settings.writes ?? false,
    implemented: settings.implemented ?? false,
    timeBudget,
    requestTimeout:
      settings.requestTimeout === undefined ? defaultTimeout : Duration.fromInputUnsafe(settings.requestTimeout),
    maxRate: settings.maxRate,
    defaultRate: settings.defaultRate,
    maxRows: settings.maxRows ?? 2000,
    clientId: settings.clientId,
    redirectUri: settings.redirectUri,
    selection: settings
  }
}
