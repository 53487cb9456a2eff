// How numbers are taken: candidates in turn, round after round, so that a machine whose speed changes changes it for all
// of them; and then ratios within each round, of which the median counts.

export interface Candidate {
  readonly name: string
  /** Does the work once, and says how many units of it that was. */
  readonly run: () => Promise<number>
}

export interface Result {
  readonly name: string
  /** Microseconds of CPU, user and system, all threads, for a unit; the median of the rounds. */
  readonly cpu: number
  /** The median of the ratios to the first candidate, round by round. */
  readonly ratio: number
  /** Seconds on the clock for a unit, and the ratios of those. */
  readonly wall: number
  readonly wallRatio: number
}

/**
 * Measures candidates in turn. The first `warmUp` rounds are thrown away.
 */
export const inTurn = async (
  candidates: ReadonlyArray<Candidate>,
  rounds: { readonly warmUp: number; readonly counted: number }
): Promise<ReadonlyArray<Result>> => {
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
    cpu: median(cpus[index] ?? []),
    ratio: median(ratios(cpus[index], cpus[0])),
    wall: median(walls[index] ?? []),
    wallRatio: median(ratios(walls[index], walls[0]))
  }))
}

const ratios = (values: ReadonlyArray<number> = [], baseline: ReadonlyArray<number> = []): ReadonlyArray<number> =>
  values.map((value, round) => value / (baseline[round] ?? value))

export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

/**
 * A Markdown table.
 */
export const table = (heading: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("")

/**
 * The results of candidates as a table, for a unit of what they did.
 */
export const comparison = (unit: string, results: ReadonlyArray<Result>): string =>
  table(
    [unit, "CPU", "ratio"],
    results.map(({ cpu, name, ratio }) => [name, `${cpu.toFixed(0)} µs`, ratio.toFixed(2)])
  )
