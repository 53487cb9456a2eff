// Checks the names of laws and families of laws.
import { familyOf } from "@effect-workos/contract-engine/Law"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Result from "effect/Result"
import { suggest } from "./Suggest.ts"

const names = [...new Set(WorkOs.suite.laws.flatMap(({ id }) => [id, familyOf(id)]))]

/**
 * Checks the names of laws and families of laws. Fails with the first unknown name, and with a description of known names.
 */
export const check = (
  requested: ReadonlyArray<string>
): Result.Result<void, { readonly name: string; readonly expected: string }> => {
  const name = requested.find((name) => !names.includes(name))
  if (name === undefined) return Result.void
  const similar = suggest(name, names).slice(0, 3)
  return Result.fail({
    name,
    expected:
      similar.length === 0
        ? "ids of laws or of families, as listed by verify --list."
        : `ids of laws or of families. Did you mean ${similar.join(" or ")}?`
  })
}
