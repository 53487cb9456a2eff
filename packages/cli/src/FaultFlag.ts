// The `--fault` flag of `emulate`.
import * as Fault from "@effect-workos/emulator/Fault"
import * as FaultText from "@effect-workos/emulator/FaultText"
import * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { suggest } from "@effect-workos/contract-engine/Suggest"

const expectation = (invalid: Fault.Invalid): string => {
  const similar = invalid.unknown === undefined ? [] : suggest(invalid.unknown.name, invalid.unknown.known)
  return similar.length === 0 || similar.length > 3
    ? Fault.explain(invalid)
    : `${invalid.expected}. Did you mean ${similar.join(" or ")}?`
}

const toFault = (value: string) =>
  Effect.mapError(
    Effect.fromResult(FaultText.parse(value)),
    (invalid) => new CliError.InvalidValue({ option: "fault", value, expected: expectation(invalid), kind: "flag" })
  )

/** The `--fault` flag, repeatable. Faults apply in the order of the flags. */
export const faults = Flag.String("fault").pipe(
  Flag.mapEffect(toFault),
  Flag.withMetavar("SPEC"),
  Flag.withDescription("Inject a fault: [METHOD] [/path] kind[=value] [option=value …]. Repeatable."),
  Flag.atLeast(0)
)
