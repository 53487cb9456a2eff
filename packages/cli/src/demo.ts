// Runs the demo as a process. It needs no key.
import * as DemoRun from "./DemoRun.ts"
import * as Main from "./Main.ts"

Main.run(DemoRun.run)
