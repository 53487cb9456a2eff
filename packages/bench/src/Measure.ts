// Measurement of candidates: they alternate, round after round, so that a change of the machine's speed affects all of
// them. Ratios are taken within a round, and their median is reported.

export interface Candidate {
  readonly name: string
  /** Does the work once and returns the number of units done. */
  readonly run: () => Promise<number>
}

export interface Rounds {
  /** Rounds that are not counted. */
  readonly warmUp: number
  readonly counted: number
}

export interface Result {
  readonly name: string
  /** CPU time per unit in microseconds, user and system, of all threads: one number per round. */
  readonly cpus: ReadonlyArray<number>
  /** Median of `cpus`. */
  readonly cpu: number
  /** Median ratio of CPU time to the first candidate. */
  readonly ratio: number
  /** Median wall time per unit in seconds. */
  readonly wall: number
  /** Median ratio of wall time to the first candidate. */
  readonly wallRatio: number
}

/** A row of the table of targets. */
export interface Target {
  readonly metric: string
  readonly now: string
  readonly target: string
}

/** The output of a measurement: its tables, and its rows in the table of targets. */
export interface Report {
  readonly tables: ReadonlyArray<string>
  readonly targets: ReadonlyArray<Target>
}

/**
 * Measures candidates in turn.
 */
export const inTurn = async (candidates: ReadonlyArray<Candidate>, rounds: Rounds): Promise<ReadonlyArray<Result>> => {
  const cpus = candidates.map(() => Array.of<number>())
  const walls = candidates.map(() => Array.of<number>())
  for (let round = 0; round < rounds.warmUp + rounds.counted; round++) {
    for (const [index, { run }] of candidates.entries()) {
      const began = performance.now()
      const before = process.cpuUsage()
      const units = await run()
      const { system, user } = process.cpuUsage(before)
      if (round < rounds.warmUp) continue
      cpus[index]?.push((user + system) / units)
      walls[index]?.push((performance.now() - began) / 1000 / units)
    }
  }
  return candidates.map(({ name }, index) => ({
    name,
    cpus: cpus[index] ?? [],
    cpu: median(cpus[index] ?? []),
    ratio: medianRatio(cpus[index], cpus[0]),
    wall: median(walls[index] ?? []),
    wallRatio: medianRatio(walls[index], walls[0])
  }))
}

export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

/**
 * Returns the median of the ratios of two candidates, round by round.
 */
export const medianRatio = (values: ReadonlyArray<number> = [], baseline: ReadonlyArray<number> = []): number =>
  median(values.map((value, round) => value / (baseline[round] ?? NaN)))

/**
 * Returns the median ratio of CPU time of one candidate to another, both by name.
 */
export const cpuRatio = (results: ReadonlyArray<Result>, name: string, baseline: string): number => {
  const cpusOf = (name: string) => results.find((result) => result.name === name)?.cpus
  return medianRatio(cpusOf(name), cpusOf(baseline))
}

/**
 * Formats a Markdown table.
 */
export const table = (heading: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("")

/**
 * Formats the CPU time of candidates per unit as a table, with ratios to the first candidate, or to several baselines by name.
 */
export const comparison = (
  unit: string,
  results: ReadonlyArray<Result>,
  baselines: Readonly<Record<string, string>> = { ratio: results[0]?.name ?? "" }
): string =>
  table(
    [unit, "CPU", ...Object.keys(baselines)],
    results.map(({ cpu, name }) => [
      name,
      `${cpu.toFixed(0)} µs`,
      ...Object.values(baselines).map((baseline) => cpuRatio(results, name, baseline).toFixed(2))
    ])
  )

/**
 * Formats the table of targets.
 */
export const targetTable = (targets: ReadonlyArray<Target>): string =>
  table(
    ["metric", "now", "target"],
    targets.map(({ metric, now, target }) => [metric, now, target])
  )
