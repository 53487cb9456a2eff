// The entries of intended differences, and predicates for differences.
import type { Difference } from "../facts.ts"

export type Edition = "0.1" | "0.61"

export interface IntendedDifference {
  readonly place: RegExp
  readonly editions: ReadonlyArray<Edition>
  readonly differs: (difference: Difference) => boolean
  readonly because: string
}

/**
 * An operation of ours that editions do not list, so that it cannot be compared.
 */
export interface UnlistedOperation {
  readonly operation: string
  readonly editions: ReadonlyArray<Edition>
  readonly because: string
}

export const everyEdition: ReadonlyArray<Edition> = ["0.1", "0.61"]

export const onlyOurs = ({ theirs }: Difference) => theirs === undefined
export const onlyTheirs = ({ ours }: Difference) => ours === undefined
/** Tests whether our type is their type or `null`. */
export const nullableInOurs = ({ ours, theirs }: Difference) =>
  JSON.stringify(values(ours).filter((type) => type !== "null")) === theirs

export const optionalInOurs = ({ ours, theirs }: Difference) => ours === "false" && theirs === "true"

const values = (fact: string | undefined): ReadonlyArray<string> => (fact === undefined ? [] : JSON.parse(fact))
export const adds =
  (...added: ReadonlyArray<string>) =>
  ({ ours, theirs }: Difference) =>
    JSON.stringify(values(ours)) === JSON.stringify([...values(theirs), ...added].toSorted())

/** Tests whether our values contain all of their values. */
export const containsTheirs = ({ ours, theirs }: Difference) =>
  theirs !== undefined && values(theirs).every((value) => values(ours).includes(value))
