// Kinds of failing cases: a text that is equal for cases that fail in the same way.
import { describe } from "../Exchange.ts"
import type { Violation } from "../Law.ts"
import type { Location } from "../Result.ts"

/**
 * Returns the kind of a violation: its location, or its message without values.
 *
 * **Details**
 *
 * Generated requests and ids differ between runs, so a kind contains no request, no id and no other value.
 */
export const of = ({ at, message, requests }: Pick<Violation, "at" | "message" | "requests">): string => {
  const place = at === undefined ? "" : describeLocation(at)
  return place === "" ? withoutValues(withoutRequests(message, requests)) : place
}

// For example "parameter limit, status 200".
const describeLocation = ({ fields = [], header, parameter, status }: Location): string =>
  [
    ...(fields.length === 0 ? [] : [`${fields.length === 1 ? "field" : "fields"} ${fields.toSorted().join(", ")}`]),
    ...(header === undefined ? [] : [`header ${header}`]),
    ...(parameter === undefined ? [] : [`parameter ${parameter}`]),
    ...(status === undefined ? [] : [`status ${status}`])
  ].join(", ")

const withoutRequests = (message: string, requests: Violation["requests"]): string =>
  requests.reduce((text, request) => text.replaceAll(describe(request), ""), message).replace(/^[\s:,]+/, "")

// Quoted texts, values of parameters, paths, orders, and words with digits such as timestamps and ids.
const value = /"(?:[^"\\]|\\.)*"|\S+=\S*|\/\S*|\S*\d\S*|\b(?:a|de)scending\b/g

const withoutValues = (text: string): string =>
  text
    .replaceAll(value, "…")
    .replaceAll(/…(?:[\s,;]+…)+/g, "…")
    .trim()
