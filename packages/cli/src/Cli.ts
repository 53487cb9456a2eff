// The command line, as one command with its parts.
import * as Command from "effect/cli/Command"
import { connections } from "./commands/connections.ts"
import { events } from "./commands/events.ts"
import { emulate } from "./commands/emulate.ts"
import { export_ } from "./commands/export.ts"
import { organizations } from "./commands/organizations.ts"
import { verify } from "./commands/verify.ts"

export const cli = Command.make("effect-workos").pipe(
  Command.withDescription(
    "WorkOS from the command line. Commands that talk to WorkOS want WORKOS_API_KEY in the environment; WORKOS_BASE_URL says where the API is, if it is not https://api.workos.com. verify signs somebody in where WORKOS_CLIENT_ID says to which application."
  ),
  Command.withSubcommands([connections, organizations, events, export_, verify, emulate])
)
