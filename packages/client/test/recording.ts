// Spans, kept to be looked at.
import * as Tracer from "effect/Tracer"

/**
 * A tracer, and the spans that were begun with it, in that order.
 */
export const recording = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}
