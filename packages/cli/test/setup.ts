// Runs before the tests. Bundles the command line that tests run as a process.
import { bundle } from "../scripts/bundle.ts"
import { program } from "./running.ts"

export default () => bundle(program)
