// Recording of spans.
import * as Tracer from "effect/Tracer"

/**
 * Makes a tracer, and the array of the spans that it has started, in their order.
 */
export const recordSpans = () => {
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
