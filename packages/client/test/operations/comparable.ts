// Values in a form in which they can be compared, and in which assertions show their differences.
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

/**
 * Returns a value with secrets, instants and durations as plain data, and without keys that are `undefined` or called
 * `__proto__`, which the client does not decode.
 */
export const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable)
  if (Redacted.isRedacted(value)) return { redacted: comparable(Redacted.value(value)) }
  if (DateTime.isDateTime(value)) return DateTime.formatIso(value)
  if (Duration.isDuration(value)) return Duration.format(value)
  if (!Predicate.isReadonlyObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined || key === "__proto__" ? [] : [[key, comparable(inner)]]
    )
  )
}
