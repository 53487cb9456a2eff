// Size and import time of a program that gets one connection: hand-written on Effect, with this library, and with the
// official SDK.
import * as Bundle from "./Bundle.ts"
import * as Folder from "./Folder.ts"
import * as Import from "./Import.ts"
import * as Installed from "./Installed.ts"
import * as Measure from "./Measure.ts"

const names: Readonly<Record<Bundle.Name, string>> = {
  byHand: "hand-written on `effect/http` and `Schema`",
  effectWorkos: "`@effect-workos/client`, `Connections`",
  workOs: "`@effect-workos/client`, `WorkOs`",
  officialSdk: "`@workos-inc/node`"
}

const order = ["byHand", "effectWorkos", "workOs", "officialSdk"] as const

interface Imported {
  readonly name: string
  readonly wall: ReadonlyArray<number>
  readonly cpu: ReadonlyArray<number>
}

const importTable = (kind: string, imported: ReadonlyArray<Imported>, byHand: Imported): string =>
  Measure.table(
    [`importing the ${kind} program`, "time (middle half)", "to hand-written", "CPU", "to hand-written"],
    imported.map(({ cpu, name, wall }) => [
      name,
      `${Measure.median(wall).toFixed(0)} ms (${quartiles(wall)})`,
      Measure.medianRatio(wall, byHand.wall).toFixed(2),
      `${Measure.median(cpu).toFixed(0)} ms`,
      Measure.medianRatio(cpu, byHand.cpu).toFixed(2)
    ])
  )

const ratioTarget = (metric: string, { cpu }: Imported, baseline: Imported, target: string): Measure.Target => ({
  metric: `CPU of importing the ${metric}`,
  now: Measure.medianRatio(cpu, baseline.cpu).toFixed(2),
  target
})

export const size = (rounds: Measure.Rounds): Promise<Measure.Report> =>
  Folder.temporary(async (file) => {
    const weights = await Promise.all(order.map(Bundle.weigh))
    const installed = await Installed.install(file("programs"))
    const modules = await Promise.all(order.map((name) => Import.modules(installed(name))))
    const imports = async (files: ReadonlyArray<string>) => {
      const costs = await Import.inTurn(files, rounds)
      const of = (name: Bundle.Name): Imported => {
        const own = costs[order.indexOf(name)] ?? []
        return { name: names[name], wall: own.map(({ wall }) => wall), cpu: own.map(({ cpu }) => cpu) }
      }
      return { byHand: of("byHand"), connections: of("effectWorkos"), workOs: of("workOs"), all: order.map(of) }
    }
    const unbundled = await imports(order.map(installed))
    const bundled = await imports(await Promise.all(order.map((name) => Bundle.write(name, file("programs")))))

    return {
      tables: [
        Measure.table(
          ["a program that gets one connection", "minified", "gzip", "to hand-written", "modules"],
          order.map((name, index) => {
            const { gzip = NaN, minified = NaN } = weights[index] ?? {}
            const more = gzip - (weights[0]?.gzip ?? NaN)
            return [
              names[name],
              kilobytes(minified),
              kilobytes(gzip),
              index === 0 ? "" : `${more < 0 ? "−" : "+"}${kilobytes(Math.abs(more))}`,
              String(modules[index])
            ]
          })
        ),
        importTable("unbundled", unbundled.all, unbundled.byHand),
        importTable("bundled", bundled.all, bundled.byHand)
      ],
      targets: [
        {
          metric: "bundle of a program that gets one connection, gzipped",
          now: kilobytes(weights[order.indexOf("effectWorkos")]?.gzip ?? NaN),
          target: "≤ 69 kB"
        },
        ratioTarget("unbundled program, relative to hand-written", unbundled.connections, unbundled.byHand, "≤ 1.3"),
        ratioTarget("bundled program, relative to hand-written", bundled.connections, bundled.byHand, "≤ 1.6"),
        ratioTarget(
          "bundled program with `WorkOs`, relative to one with `Connections` alone",
          bundled.workOs,
          bundled.connections,
          "≤ 1.3"
        )
      ]
    }
  })

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

const quartiles = (values: ReadonlyArray<number>): string => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(0) ?? ""
  return `${at(0.25)} to ${at(0.75)}`
}
