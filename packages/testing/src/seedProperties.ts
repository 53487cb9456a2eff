// Runs before each test file. Sets the seed of properties to the seed of the run, so that a run can be repeated.
import * as Arbitrary from "effect/Arbitrary"
import { seed } from "./Sample.ts"

Arbitrary.configureGlobal({ check: { seed } })
