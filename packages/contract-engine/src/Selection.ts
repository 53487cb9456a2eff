/**
 * Selections: the operations and the laws of a run, by name or pattern.
 *
 * @module
 */
import * as Data from "effect/Data"
import * as RegExp_ from "effect/RegExp"
import * as Result from "effect/Result"
import type { ApiOperation } from "./ApiOperation.ts"
import { suggest } from "./Suggest.ts"
import type { OperationSettings, SelectionOptions } from "./Settings.ts"

// Any law. The module of laws depends on this one.
interface Named {
  readonly id: string
}

const familyOf = (id: string): string => id.split("/", 1)[0] ?? id

/**
 * A selection contains a name that no operation or law of the suite has.
 *
 * **Details**
 *
 * - `setting`: the part of the selection with the name.
 * - `expected`: a description of valid names: `"ids, families or patterns of laws"`.
 * - `suggestions`: similar names, most similar first.
 */
export class SelectionError extends Data.TaggedError("SelectionError")<{
  readonly setting: keyof SelectionOptions
  readonly name: string
  readonly expected: string
  readonly suggestions: ReadonlyArray<string>
}> {
  override readonly message = `Invalid ${this.setting} "${this.name}": expected ${this.expected}.${meant(this.suggestions)}`
}

const meant = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`

/**
 * Returns whether a selection contains an operation.
 *
 * **Example** (Counting the selected operations)
 *
 * ```ts
 * import * as Selection from "@effect-workos/contract-engine/Selection"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const count = WorkOs.suite.operations.filter(Selection.hasOperation({ operations: ["*.list"] })).length
 * ```
 */
export const hasOperation = ({
  excludeOperations = [],
  operations
}: SelectionOptions): ((operation: ApiOperation) => boolean) => {
  const isIncluded = operations === undefined ? () => true : anyOf(operations.map(operationMatcher))
  const isExcluded = anyOf(excludeOperations.map(operationMatcher))
  return (operation) => isIncluded(operation) && !isExcluded(operation)
}

/**
 * Returns whether a selection contains a law.
 *
 * **Example** (Listing the selected laws)
 *
 * ```ts
 * import * as Selection from "@effect-workos/contract-engine/Selection"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const sentences = WorkOs.suite.laws.filter(Selection.hasLaw({ laws: ["lists"] })).map(({ sentence }) => sentence)
 * ```
 */
export const hasLaw = ({ excludeLaws = [], laws }: SelectionOptions): ((law: Named) => boolean) => {
  const isIncluded = laws === undefined ? () => true : anyOf(laws.map(lawMatcher))
  const isExcluded = anyOf(excludeLaws.map(lawMatcher))
  return (law) => isIncluded(law) && !isExcluded(law)
}

/**
 * Returns the settings of one operation. Later entries have precedence.
 *
 * **Example** (Reading the number of cases of an operation)
 *
 * ```ts
 * import type { ApiOperation } from "@effect-workos/contract-engine/ApiOperation"
 * import * as Selection from "@effect-workos/contract-engine/Selection"
 *
 * const runsOf = (operation: ApiOperation): number | undefined =>
 *   Selection.settingsOf({ perOperation: { "*.list": { runs: 20 } } }, operation).runs
 * ```
 */
export const settingsOf = ({ perOperation = {} }: SelectionOptions, operation: ApiOperation): OperationSettings =>
  Object.entries(perOperation)
    .filter(([name]) => operationMatcher(name)(operation))
    .reduce<OperationSettings>((merged, [, settings]) => ({ ...merged, ...settings }), {})

/**
 * Checks that each name of a selection matches an operation or a law of a suite.
 *
 * **Example** (Refusing a misspelled name)
 *
 * ```ts
 * import * as Selection from "@effect-workos/contract-engine/Selection"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Result from "effect/Result"
 *
 * const toMessage = Result.match({ onSuccess: () => "valid", onFailure: ({ message }: Selection.SelectionError) => message })
 *
 * toMessage(Selection.check(WorkOs.suite, { laws: ["lists/limits"] }))
 * // => 'Invalid laws "lists/limits": expected ids, families or patterns of laws. Did you mean lists/limit?'
 * ```
 */
export const check = (
  suite: { readonly operations: ReadonlyArray<ApiOperation>; readonly laws: ReadonlyArray<Named> },
  selection: SelectionOptions
): Result.Result<void, SelectionError> => {
  const ofOperations = (setting: "operations" | "excludeOperations") =>
    firstUnknown(setting, selection[setting], {
      isKnown: (name) => suite.operations.some(operationMatcher(name)),
      known: suite.operations.flatMap((operation) => [operation.id, groupOf(operation)]),
      paths: suite.operations.map(({ path }) => path),
      expected: "ids, groups, paths or patterns of operations"
    })
  const ofLaws = (setting: "laws" | "excludeLaws") =>
    firstUnknown(setting, selection[setting], {
      isKnown: (name) => suite.laws.some(lawMatcher(name)),
      known: suite.laws.flatMap(({ id }) => [id, familyOf(id)]),
      expected: "ids, families or patterns of laws"
    })
  const perOperation = Object.entries(selection.perOperation ?? {})
  const operationNames = firstUnknown(
    "perOperation",
    perOperation.map(([name]) => name),
    {
      isKnown: (name) => suite.operations.some(operationMatcher(name)),
      known: suite.operations.map(({ id }) => id),
      expected: "ids, groups, paths or patterns of operations"
    }
  )
  const lawNames = firstUnknown(
    "perOperation",
    perOperation.flatMap(([, { excludeLaws = [] }]) => excludeLaws),
    {
      isKnown: (name) => suite.laws.some(lawMatcher(name)),
      known: suite.laws.map(({ id }) => id),
      expected: "ids, families or patterns of laws"
    }
  )
  const error =
    operationNames ??
    lawNames ??
    ofOperations("operations") ??
    ofOperations("excludeOperations") ??
    ofLaws("laws") ??
    ofLaws("excludeLaws")
  return error === undefined ? Result.void : Result.fail(error)
}

const firstUnknown = (
  setting: keyof SelectionOptions,
  names: ReadonlyArray<string> | undefined,
  {
    isKnown,
    expected,
    known,
    paths = []
  }: {
    readonly isKnown: (name: string) => boolean
    readonly known: ReadonlyArray<string>
    readonly paths?: ReadonlyArray<string>
    readonly expected: string
  }
): SelectionError | undefined => {
  const name = names?.find((name) => !isKnown(name))
  if (name === undefined) return undefined
  return new SelectionError({
    setting,
    name,
    expected,
    suggestions: suggest(name, [...new Set(name.includes("/") && paths.length > 0 ? paths : known)]).slice(0, 3)
  })
}

/**
 * Returns the group of an operation: the part of its id before the last dot.
 *
 * **Example** (Naming the groups of a suite)
 *
 * ```ts
 * import * as Selection from "@effect-workos/contract-engine/Selection"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const groups = new Set(WorkOs.suite.operations.map(Selection.groupOf))
 * ```
 */
export const groupOf = ({ id }: ApiOperation): string => id.slice(0, Math.max(0, id.lastIndexOf(".")))

// -----------------------------------------------------------------------------
// Patterns
// -----------------------------------------------------------------------------

const anyOf =
  <A>(matchers: ReadonlyArray<(value: A) => boolean>) =>
  (value: A): boolean =>
    matchers.some((matches) => matches(value))

const lawMatcher = (name: string): ((law: Named) => boolean) => {
  const pattern = toPattern(name)
  return ({ id }) => pattern.test(id) || pattern.test(familyOf(id))
}

const operationMatcher = (name: string): ((operation: ApiOperation) => boolean) => {
  const [, method = "*", path] = /^(?:(\S+)\s+)?(\/.*)$/.exec(name) ?? []
  if (path === undefined) {
    const pattern = toPattern(name)
    return (operation) => pattern.test(operation.id) || pattern.test(groupOf(operation))
  }
  const methods = toPattern(method.toUpperCase())
  const paths = toPattern(path)
  return (operation) => methods.test(operation.method) && (paths.test(operation.path) || paths.test(braced(operation)))
}

// OpenAPI writes the parameters of a path in braces.
const braced = ({ path }: ApiOperation): string => path.replace(/:(\w+)/g, "{$1}")

const toPattern = (text: string): RegExp => new RegExp(`^${text.split("*").map(RegExp_.escape).join(".*")}$`)
