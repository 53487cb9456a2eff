// How a run goes about it.
import * as Duration from "effect/Duration"

/**
 * The settings of a run.
 *
 * **Details**
 *
 * - `seed`: the same seed sends the same requests to a server with the same data. 1 where none is given.
 * - `runs`: how many cases are generated for a law; 100.
 * - `concurrency`: how many requests are under way at once; 8.
 * - `writes`: whether resources are created, and those deleted again; they are not.
 * - `timeBudget`: after which nothing more is sent; 5 minutes.
 * - `requestTimeout`: how long an response may take; 10 seconds, or a quarter of the time budget where that is less.
 * - `maxRate`: how many requests are sent in a minute; as many as it takes where nothing is said.
 * - `maxRows`: how many rows of a list are read as what other responses are compared with; 2,000 from each end.
 * - `clientId`: the id of an OAuth client, for laws that sign somebody in; those are skipped without one.
 * - `redirectUri`: where the client has its users sent back to: a URI that is registered; `http://localhost/callback`.
 *   Nothing is sent there.
 * - `only`: ids of laws, or families of them; all where nothing is said.
 */
export interface Settings {
  readonly seed?: number | undefined
  readonly runs?: number | undefined
  readonly concurrency?: number | undefined
  readonly writes?: boolean | undefined
  readonly timeBudget?: Duration.Input | undefined
  readonly requestTimeout?: Duration.Input | undefined
  readonly maxRate?: number | undefined
  readonly maxRows?: number | undefined
  readonly clientId?: string | undefined
  readonly redirectUri?: string | undefined
  readonly only?: ReadonlyArray<string> | undefined
}

/**
 * Settings with nothing left open.
 */
export interface ResolvedSettings {
  readonly seed: number
  readonly runs: number
  readonly concurrency: number
  readonly writes: boolean
  readonly timeBudget: Duration.Duration
  readonly requestTimeout: Duration.Duration
  readonly maxRate: number | undefined
  readonly maxRows: number
  readonly clientId: string | undefined
  readonly redirectUri: string | undefined
  readonly only: ReadonlyArray<string> | undefined
}

export const resolve = (settings: Settings): ResolvedSettings => {
  const timeBudget = Duration.fromInputUnsafe(settings.timeBudget ?? "5 minutes")
  // A server that takes its time is to be found out while there is some left.
  const defaultTimeout = Duration.min(Duration.seconds(10), Duration.times(timeBudget, 0.25))
  return {
    seed: settings.seed ?? 1,
    runs: settings.runs ?? 100,
    concurrency: settings.concurrency ?? 8,
    writes: settings.writes ?? false,
    timeBudget,
    requestTimeout:
      settings.requestTimeout === undefined ? defaultTimeout : Duration.fromInputUnsafe(settings.requestTimeout),
    maxRate: settings.maxRate,
    maxRows: settings.maxRows ?? 2000,
    clientId: settings.clientId,
    redirectUri: settings.redirectUri,
    only: settings.only
  }
}
