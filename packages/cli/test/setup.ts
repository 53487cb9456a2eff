// What is there before the first test of the command line: the program that they run.
import { bundle } from "../scripts/bundle.ts"
import { program } from "./running.ts"

export default () => bundle(program)
