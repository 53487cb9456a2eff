// The `verify` command. `VerifyRun` is loaded on demand, because no other command needs the contract suite.
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Setting from "../Setting.ts"
import { file, yes } from "../VerifyFlags.ts"
import { settings } from "../VerifySettings.ts"
import { proxy } from "./verify-proxy.ts"

const verifyRun = Effect.promise(() => import("../VerifyRun.ts"))

const flags = {
  settings: Setting.flags(settings),
  // These apply to one invocation, so a configuration file cannot contain them.
  config: file("config", "Read settings from FILE. Defaults to effect-workos.verify.json, if it exists."),
  yesProduction: yes("yes-production", "Allow --writes against WorkOS itself or with a live key."),
  updateBaseline: yes("update-baseline", "Write the current failures to the baseline file."),
  record: file("record", "Write every exchange to an HTTP archive (HAR), without secrets."),
  traffic: file("traffic", "Verify the exchanges in an HTTP archive (HAR). Sends no requests."),
  replay: file("replay", "Send the counterexamples of a JSON report again, and print the verdict on each."),
  list: yes("list", "Print the laws and operations with their number of requests, without checking them.")
}

export const verify = Command.make("verify", flags, (flags) =>
  Effect.flatMap(verifyRun, ({ verify }) => verify(flags))
).pipe(
  Command.withDescription("Verify a server against WorkOS's documented contract, or against an OpenAPI document."),
  Command.withExamples([
    { command: "effect-workos verify" },
    { command: "effect-workos verify --report html=contract.html --report junit=contract.xml" },
    { command: "effect-workos verify --writes --baseline contract-baseline.json" },
    { command: "effect-workos verify --laws lists,input/limit --seed 7" },
    { command: "effect-workos verify --traffic app.har --report html=contract.html" },
    { command: "effect-workos verify --openapi openapi.yaml --base-url http://127.0.0.1:3000" }
  ]),
  Command.withSubcommands([proxy])
)
