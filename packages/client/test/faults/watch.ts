// What calls leave to be seen: their spans, and the fibers that they started.
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import { constantRandom } from "../random.ts"
import { recordSpans } from "../recorded-spans.ts"

interface Watched {
  /** How many requests each call took, as its span says. */
  readonly attempts: () => ReadonlyArray<number>
  /** How many fibers are not over. */
  readonly fibers: () => number
}

/** Runs an effect under watch, and with the longest waits that chance can give. */
export const watch = () => {
  const { spans, tracer } = recordSpans()
  let fibers = 0
  const watched: Watched = {
    attempts: () =>
      spans
        .filter(({ name }) => !name.endsWith(" attempt"))
        .map(({ attributes }) => 1 + Number(attributes.get("http.request.resend_count") ?? 0)),
    fibers: () => fibers
  }
  const run = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    effect.pipe(
      Effect.withTracer(tracer),
      Effect.provideService(Random.Random, constantRandom(1)),
      Effect.provideService(Metric.FiberRuntimeMetrics, {
        recordFiberStart: () => fibers++,
        recordFiberEnd: () => fibers--
      })
    )
  return { run, watched }
}
