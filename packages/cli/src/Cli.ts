// The command line, as one command with its parts.
import * as Command from "effect/cli/Command"
import * as Help from "./Help.ts"
import { connections } from "./commands/connections.ts"
import { events } from "./commands/events.ts"
import { emulate } from "./commands/emulate.ts"
import { export_ } from "./commands/export.ts"
import { organizations } from "./commands/organizations.ts"
import { verify } from "./commands/verify.ts"

export const cli = Command.make("effect-workos").pipe(
  Command.withDescription("WorkOS from the command line"),
  Command.annotate(Help.Environment, [
    { name: "WORKOS_API_KEY", text: "Your secret key, sk_…; all commands that talk to WorkOS want it" },
    { name: "WORKOS_BASE_URL", text: "Where the API is (default https://api.workos.com)" },
    { name: "WORKOS_RATE_LIMIT", text: "Requests a minute, or unlimited (default 6000)" },
    { name: "WORKOS_CLIENT_ID", text: "The application that verify signs somebody in to" },
    { name: "NO_COLOR", text: "Set to anything for no colours" }
  ]),
  Command.withSubcommands([connections, organizations, events, export_, verify, emulate])
)
