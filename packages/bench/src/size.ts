// What a program that asks for one connection weighs, and how long it takes to load: by hand, with this library, and with
// WorkOS's own SDK.
import { programs, weigh } from "./Bundle.ts"
import * as Folder from "./Folder.ts"
import * as Installed from "./Installed.ts"
import * as Measure from "./Measure.ts"

const names = {
  byHand: "by hand on `effect/http` and `Schema`",
  effectWorkos: "`@effect-workos/client`",
  officialSdk: "`@workos-inc/node` 11"
}

const candidates = [
  { name: names.byHand, program: programs.byHand },
  { name: names.effectWorkos, program: programs.effectWorkos },
  { name: names.officialSdk, program: programs.officialSdk }
]

export const size = (rounds: { readonly warmUp: number; readonly counted: number }): Promise<string> =>
  Folder.temporary(async (file) => {
    const weights = await Promise.all(candidates.map(({ program }) => weigh(program)))
    const installed = await Installed.install(
      candidates.map(({ program }) => program),
      file("programs")
    )
    const times = installed.map(() => Array.of<number>())
    for (let round = 0; round < rounds.warmUp + rounds.counted; round++) {
      for (const [index, program] of installed.entries()) {
        const time = await Installed.importTime(program)
        if (round >= rounds.warmUp) times[index]?.push(time)
      }
    }
    const rows = candidates.map(async ({ name }, index) => {
      const { gzip = NaN, minified = NaN } = weights[index] ?? {}
      const own = times[index] ?? []
      const more = own.map((time, round) => time - (times[0]?.[round] ?? NaN))
      return [
        name,
        kilobytes(minified),
        kilobytes(gzip),
        index === 0 ? "" : signed((gzip - (weights[0]?.gzip ?? NaN)) / 1000, "kB"),
        String(await Installed.modules(installed[index] ?? "")),
        `${Measure.median(own).toFixed(0)} ms (${quartiles(own)})`,
        index === 0 ? "" : signed(Measure.median(more), "ms")
      ]
    })
    return Measure.table(
      [
        "a program that asks for one connection",
        "minified",
        "gzip",
        "more",
        "modules",
        "to import (half of all runs)",
        "more"
      ],
      await Promise.all(rows)
    )
  })

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

const signed = (value: number, unit: string): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)} ${unit}`

const quartiles = (values: ReadonlyArray<number>): string => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(0) ?? ""
  return `${at(0.25)} to ${at(0.75)}`
}
