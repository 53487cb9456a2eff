// A document that is being read: its values by pointer, and the issues found so far.
import * as JsonPointer from "effect/JsonPointer"
import { isRow, type Row } from "../../ApiConventions.ts"

export interface DocumentIssue {
  readonly kind: "defect" | "unsupported"
  readonly pointer: string
  readonly message: string
}

export interface Source {
  readonly document: Row
  readonly version: "3.0" | "3.1"
  readonly defect: (pointer: string, message: string) => void
  readonly unsupported: (pointer: string, message: string) => void
}

/**
 * A value of a document with its location.
 */
export interface Located<A> {
  readonly value: A
  readonly pointer: string
}

/**
 * Makes the source of a document. `issues` returns the distinct issues in the order in which they were found.
 */
export const make = (
  document: Row,
  version: "3.0" | "3.1"
): Source & { readonly issues: () => ReadonlyArray<DocumentIssue> } => {
  // Schemas are read once for requests and once for responses.
  const found = new Map<string, DocumentIssue>()
  const report = (kind: DocumentIssue["kind"]) => (pointer: string, message: string) => {
    found.set(`${kind} ${pointer} ${message}`, { kind, pointer, message })
  }
  return {
    document,
    version,
    defect: report("defect"),
    unsupported: report("unsupported"),
    issues: () => [...found.values()]
  }
}

/**
 * Returns the pointer to a property of the value at a pointer.
 */
export const at = (pointer: string, ...tokens: ReadonlyArray<string | number>): string =>
  tokens.reduce<string>((path, token) => `${path}/${JsonPointer.escapeToken(String(token))}`, pointer)

/**
 * Returns the value at a pointer of the document. Accepts pointers without the percent-encoding of a URI fragment.
 */
export const lookup = ({ document }: Source, pointer: string): unknown =>
  tokensOf(pointer).reduce<unknown>(
    (value, token) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, token)
        ? Reflect.get(value, token)
        : undefined,
    document
  )

/**
 * Returns the properties on the way to a pointer.
 */
export const tokensOf = (pointer: string): ReadonlyArray<string> => {
  const path = pointer.replace(/^#\/?/, "")
  return path === "" ? [] : path.split("/").map((token) => JsonPointer.unescapeToken(decoded(token)))
}

const decoded = (token: string): string => {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

/**
 * Follows the references of a value. Returns `undefined` if the value is missing or not an object.
 */
export const resolve = (source: Source, value: unknown, pointer: string): Located<Row> | undefined => {
  let current: Located<unknown> = { value, pointer }
  const seen = new Set<string>()
  for (;;) {
    if (!isRow(current.value)) return undefined
    const { $ref: reference } = current.value
    if (typeof reference !== "string") return { value: current.value, pointer: current.pointer }
    if (!isResolvable(source, reference, current.pointer) || seen.has(reference)) return undefined
    seen.add(reference)
    current = { value: lookup(source, reference), pointer: reference }
  }
}

/**
 * Returns whether a reference has a target, and reports an issue if not.
 */
export const isResolvable = (source: Source, reference: string, pointer: string): boolean => {
  if (!reference.startsWith("#")) {
    source.unsupported(pointer, `${reference} is in another file`)
    return false
  }
  if (lookup(source, reference) !== undefined) return true
  source.defect(pointer, `the reference ${reference} has no target`)
  return false
}

/**
 * Returns the entries of an object with their locations; none for other values.
 */
export const entries = (value: unknown, pointer: string): ReadonlyArray<readonly [string, Located<unknown>]> =>
  isRow(value) ? Object.entries(value).map(([key, value]) => [key, { value, pointer: at(pointer, key) }]) : []
