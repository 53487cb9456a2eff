// The spans of calls and the number of their fibers.
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import { constantRandom } from "../random.ts"
import { recordSpans } from "../recorded-spans.ts"

interface Watched {
  /** The number of requests of each call, according to its span. */
  readonly attempts: () => ReadonlyArray<number>
  /** The number of running fibers. */
  readonly fibers: () => number
}

/** Runs an effect with recorded spans and fibers, and with the longest random delays. */
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
