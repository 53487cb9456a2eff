// The root command.
import * as Command from "effect/cli/Command"
import * as Help from "./Help.ts"
import { connections } from "./commands/connections.ts"
import { events } from "./commands/events.ts"
import { emulate } from "./commands/emulate.ts"
import { export_ } from "./commands/export.ts"
import { organizations } from "./commands/organizations.ts"
import { verify } from "./commands/verify.ts"

export const cli = Command.make("effect-workos").pipe(
  Command.withDescription("Use WorkOS from the command line"),
  Command.annotate(Help.Environment, [
    { name: "WORKOS_API_KEY", text: "Your secret key, sk_…; required by all commands but emulate" },
    { name: "WORKOS_BASE_URL", text: "The URL of the API (default https://api.workos.com)" },
    { name: "WORKOS_RATE_LIMIT", text: "The maximum number of requests a minute, or unlimited (default 6000)" },
    { name: "WORKOS_CLIENT_ID", text: "The application that verify signs a user in to" },
    { name: "NO_COLOR", text: "Disables colours if set to any value" }
  ]),
  Command.withSubcommands([connections, organizations, events, export_, verify, emulate])
)
