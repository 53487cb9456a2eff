/**
 * The laws that apply to any API.
 *
 * @module
 */
import { access } from "./internal/laws/access.ts"
import { implications } from "./internal/laws/implications.ts"
import { implemented } from "./internal/laws/implemented.ts"
import { input } from "./internal/laws/input.ts"
import { lifecycle } from "./internal/laws/lifecycle.ts"
import { lists } from "./internal/laws/lists.ts"
import { resources } from "./internal/laws/resources.ts"
import { responses } from "./internal/laws/responses.ts"
import { values } from "./internal/laws/values.ts"
import { familyOf, type Law } from "./Law.ts"

/**
 * The laws that apply to any API, in the families `responses`, `lists`, `resources`, `access`, `input` and `lifecycle`.
 *
 * **Example** (Selecting a family)
 *
 * ```ts
 * import { laws } from "@effect-workos/contract-engine/laws"
 *
 * const responseLaws = laws.filter(({ id }) => id.startsWith("responses/"))
 * ```
 */
export const laws: ReadonlyArray<Law> = [
  implemented,
  ...responses,
  ...values,
  ...lists,
  ...resources,
  ...access,
  ...input,
  ...lifecycle
].map((law) => {
  const impliedBy = implications[law.id] ?? implications[familyOf(law.id)]
  return impliedBy === undefined ? law : { ...law, impliedBy }
})
