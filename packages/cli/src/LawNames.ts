// Parses the names of laws and families of laws.
import { familyOf } from "@effect-workos/contract-engine/Law"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Result from "effect/Result"
import { suggest } from "./Suggest.ts"

const names = [...new Set(WorkOs.suite.laws.flatMap(({ id }) => [id, familyOf(id)]))]

/**
 * Parses a comma-separated list of laws and families of laws. Fails with a description of valid input.
 */
export const parse = (text: string): Result.Result<ReadonlyArray<string>, string> => {
  const requested = text.split(",").map((name) => name.trim())
  const unknownName = requested.find((name) => !names.includes(name))
  if (unknownName === undefined) return Result.succeed(requested)
  const similar = suggest(unknownName, names).slice(0, 3)
  return Result.fail(
    similar.length === 0
      ? "ids of laws or of families, as listed by verify --list"
      : `ids of laws or of families. Did you mean ${similar.join(" or ")}?`
  )
}
