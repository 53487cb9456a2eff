// The operations and laws that `verify` selects.
import * as Selection from "@effect-workos/contract-engine/Selection"
import type { SelectionOptions } from "@effect-workos/contract-engine/Settings"
import type { Suite } from "@effect-workos/contract-engine/Suite"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import { camelToSnake, snakeToKebab } from "effect/String"
import * as Failure from "./Failure.ts"
import type * as VerifyConfig from "./VerifyConfig.ts"

/**
 * Returns the selection among the values of settings. Refuses names that no operation or law of the suite has. `file` is the
 * configuration file.
 */
export const check = Effect.fnUntraced(function* (
  suite: Suite,
  { excludeLaws, excludeOperations, laws, operations }: SelectionOptions,
  flags: Readonly<Record<Exclude<keyof SelectionOptions, "perOperation">, Option.Option<unknown>>>,
  { config, file }: VerifyConfig.Loaded
) {
  const perOperation = Record.map(config.perOperation ?? {}, ({ timeout, ...settings }) => ({
    ...settings,
    ...(timeout === undefined ? {} : { requestTimeout: Duration.seconds(timeout) })
  }))
  const selection = { excludeLaws, excludeOperations, laws, operations, perOperation }
  yield* Effect.catch(Effect.fromResult(Selection.check(suite, selection)), (error) => {
    const { expected, name, setting, suggestions } = error
    const meant = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`
    // The name is in a flag or in the configuration file.
    return Failure.refuse(
      setting !== "perOperation" && Option.isSome(flags[setting])
        ? `Invalid --${snakeToKebab(camelToSnake(setting))} "${name}": expected ${expected}.${meant} See effect-workos verify --list.`
        : `${file}: ${setting}: expected ${expected}, not "${name}".${meant}`
    )
  })
  return selection
})
