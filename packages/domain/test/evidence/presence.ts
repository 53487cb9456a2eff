// The presence of fields: how many recorded and published values have them, and whether a description requires them.

/** The parts of a path: `domains[].id` consists of `domains[]` and `id`. */
const partsOf = (path: string): ReadonlyArray<string> => path.split(".")

/** The path of the object that has the field; `""` for the whole value. */
export const parentOf = (path: string): string => partsOf(path).slice(0, -1).join(".")

/** The name of the field that a path ends with. */
export const nameOf = (path: string): string => (partsOf(path).at(-1) ?? "").replace("[]", "")

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Returns the objects of a value that have a path: several, if the path leads through an array. */
export const objectsAt = (value: unknown, path: string): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  (path === "" ? [] : partsOf(path))
    .reduce<ReadonlyArray<unknown>>(
      (values, part) =>
        values.filter(isRecord).flatMap((object) => {
          const next = object[part.replace("[]", "")]
          return part.endsWith("[]") ? (Array.isArray(next) ? next : []) : [next]
        }),
      [value]
    )
    .filter(isRecord)

/** The number of objects in which a field has a value, is `null` or is absent. */
export interface Counts {
  readonly present: number
  readonly null: number
  readonly absent: number
}

/** Counts a field of values. */
export const countsOf = (values: ReadonlyArray<unknown>, path: string): Counts => {
  const fields = values.flatMap((value) => objectsAt(value, parentOf(path))).map((object) => object[nameOf(path)])
  const isNull = fields.filter((field) => field === null).length
  const absent = fields.filter((field) => field === undefined).length
  return { present: fields.length - isNull - absent, null: isNull, absent }
}

/** The distinct texts, numbers and booleans of a field. */
export const scalarsOf = (values: ReadonlyArray<unknown>, path: string): ReadonlyArray<string | number | boolean> => [
  ...new Set(
    values
      .flatMap((value) => objectsAt(value, parentOf(path)))
      .map((object) => object[nameOf(path)])
      .filter((field) => typeof field === "string" || typeof field === "number" || typeof field === "boolean")
  )
]

/** Returns a value whose first object at the path has another value in the field, or lacks the field. */
export const replaceAt = (value: unknown, path: string, replacement: unknown): unknown => {
  const [part = "", ...rest] = partsOf(path)
  if (!isRecord(value)) return value
  const name = part.replace("[]", "")
  if (rest.length > 0) {
    const next = value[name]
    const replaced = Array.isArray(next)
      ? [replaceAt(next[0], rest.join("."), replacement), ...next.slice(1)]
      : replaceAt(next, rest.join("."), replacement)
    return { ...value, [name]: replaced }
  }
  const { [name]: _, ...others } = value
  return replacement === undefined ? others : { ...value, [name]: replacement }
}

/** Returns variants of a value with one object at the path each: arrays that the path leads through have one item. */
export const variantsOf = (value: unknown, path: string): ReadonlyArray<unknown> => {
  if (path === "" || !isRecord(value)) return [value]
  const [part = "", ...rest] = partsOf(path)
  const name = part.replace("[]", "")
  const next = value[name]
  const inner = rest.join(".")
  return Array.isArray(next)
    ? next.flatMap((item) => variantsOf(item, inner)).map((item) => ({ ...value, [name]: [item] }))
    : variantsOf(next, inner).map((object) => ({ ...value, [name]: object }))
}
