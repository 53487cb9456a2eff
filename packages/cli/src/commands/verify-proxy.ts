// The `verify proxy` command. `VerifyProxy` is loaded on demand, because no other command needs it.
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Setting from "../Setting.ts"
import { trafficSettings } from "../VerifySettings.ts"
import { file, yes } from "../VerifyFlags.ts"

const verifyProxy = Effect.promise(() => import("../VerifyProxy.ts"))

export const proxy = Command.make(
  "proxy",
  {
    port: Flag.Int("port").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65535 }))),
      Flag.withMetavar("N"),
      Flag.withDescription("Listen on port N of this machine, or on a free port if N is 0. Defaults to 4200."),
      Flag.withDefault(4200)
    ),
    settings: Setting.flags(trafficSettings),
    config: file("config", "Read settings from FILE. Defaults to effect-workos.verify.json, if it exists."),
    updateBaseline: yes("update-baseline", "Write the current failures to the baseline file."),
    record: file("record", "Write every exchange to an HTTP archive (HAR), without secrets.")
  },
  (flags) => Effect.flatMap(verifyProxy, ({ verify }) => verify(flags))
).pipe(
  Command.withDescription("Forward requests to WORKOS_BASE_URL, and verify the responses, until you press Ctrl-C."),
  Command.withShortDescription("Verify the traffic of a program."),
  Command.withExamples([
    { command: "effect-workos verify proxy" },
    { command: "effect-workos verify proxy --port 0 --report html=contract.html --record app.har" }
  ])
)
