// The seed of a run, which determines its requests and its report.
import { runs, sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import { linesOf, ofLaw } from "@effect-workos/testing/Results"
import { recording, replacing, report, smallStore, type Wrap } from "./running.ts"

// Pages with a limit of 8 or more lack their first row.
const leaky = replacing(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname !== "/connections" || Number(searchParams.get("limit")) < 8 || response.status !== 200) return response
  const page: { readonly data: ReadonlyArray<unknown> } = await response.json()
  return Response.json({ ...page, data: page.data.slice(1) }, response)
})

/** A report without times, and the sorted URLs of its requests. */
const run = (settings: Settings, wrap: Wrap = (serve) => serve) =>
  Effect.gen(function* () {
    const requests: Array<Request> = []
    const recorded: Wrap = (serve, store) => recording(requests)(wrap(serve, store), store)
    const found = yield* report(yield* smallStore(), settings, recorded)
    return {
      report: { ...found, durationMillis: 0, startedAt: "" },
      urls: requests.map(({ url }) => url).toSorted()
    }
  })

const families = ["responses", "lists", "resources", "lifecycle", "access", "input", "workos"]

describe("the seed", () => {
  it.live("the seed determines the requests and the report", () =>
    Effect.gen(function* () {
      const sound = run({ seed: 4, laws: sample(families, 2), writes: true })
      // The URLs contain the random ids of created rows.
      assert.deepStrictEqual((yield* sound).report, (yield* sound).report)
      const broken = (seed: number) => run({ seed, laws: ["lists", "resources"] }, leaky)
      const first = yield* broken(5)
      assert.isAbove(first.report.summary.failed, 3)
      assert.deepStrictEqual(yield* broken(5), first)
      const others = (yield* broken(6)).urls.filter((url) => !first.urls.includes(url))
      assert.isAbove(others.length, runs(60, 20))
    })
  )

  it.live("the seed gives a law the same cases whether checked alone or with other laws", () =>
    Effect.gen(function* () {
      const { report: whole } = yield* run({ seed: 6, laws: ["lists", "resources"] }, leaky)
      const failed = [...new Set(linesOf(whole, "failed").map((line) => line.split(" ")[0] ?? ""))]
      assert.isAbove(failed.length, 3)
      for (const law of sample(failed, 3)) {
        const { report: alone } = yield* run({ seed: 6, laws: [law] }, leaky)
        assert.deepStrictEqual(ofLaw(alone, law), ofLaw(whole, law))
      }
    })
  )
})
