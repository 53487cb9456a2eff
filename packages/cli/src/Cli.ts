// The root command.
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Command from "effect/cli/Command"
import { emulate } from "./commands/emulate.ts"
import { followEvents } from "./commands/events-follow.ts"
import { getOrganization } from "./commands/organizations-get.ts"
import { verify } from "./commands/verify.ts"
import * as Help from "./Help.ts"
import * as ResourceCommand from "./ResourceCommand.ts"

/** Commands that replace the derived `get`, by the name of the resource. */
const getCommands = new Map([["organizations", getOrganization]])

/** Commands that are not derived, by the name of the resource. */
const additionalCommands = new Map([["events", followEvents]])

const resourceCommand = (resource: Resource) => {
  const subcommands = [
    getCommands.get(resource.name) ?? ResourceCommand.get(resource),
    ...ResourceCommand.lists(resource),
    ...ResourceCommand.shortLists(resource),
    additionalCommands.get(resource.name)
  ].filter((command) => command !== undefined)
  const { command, title } = ResourceCommand.wordsOf(resource)
  return subcommands.length === 0
    ? undefined
    : Command.make(command).pipe(Command.withDescription(`Read ${title}.`), Command.withSubcommands(subcommands))
}

/**
 * Makes the root command, with commands for the given resources.
 */
export const make = (resources: ReadonlyArray<Resource>) => {
  const resourceCommands = resources.map(resourceCommand).filter((command) => command !== undefined)
  const exportCommands = resources.map(ResourceCommand.export_).filter((command) => command !== undefined)
  return Command.make("effect-workos").pipe(
    Command.withDescription("Use WorkOS from the command line."),
    Command.annotate(Help.Environment, [
      { name: "WORKOS_API_KEY", text: "The secret key (sk_…). Required by all commands except emulate." },
      { name: "WORKOS_BASE_URL", text: "The URL of the API. Defaults to https://api.workos.com." },
      {
        name: "WORKOS_ALLOW_INSECURE_HTTP",
        text: "Set to true to allow http:// URLs of other machines. Defaults to false."
      },
      { name: "WORKOS_RATE_LIMIT", text: "The maximum number of requests per minute, or unlimited. Defaults to 6000." },
      { name: "WORKOS_CLIENT_ID", text: "The client id that verify uses for the laws about sign-in." },
      { name: "HTTPS_PROXY", text: "The proxy for https:// URLs: http://HOST:PORT. Defaults to HTTP_PROXY." },
      { name: "HTTP_PROXY", text: "The proxy for http:// URLs. Names of proxy variables may be in lower case." },
      { name: "NO_PROXY", text: "The hosts to reach without a proxy, separated by commas, or * for all hosts." },
      {
        name: "NODE_EXTRA_CA_CERTS",
        text: "A file with additional certificate authorities, for example the authority of a proxy."
      },
      { name: "NO_COLOR", text: "Set to any value to disable colours." }
    ]),
    Command.withSubcommands([
      ...resourceCommands,
      Command.make("export").pipe(
        Command.withDescription("Export all rows of a resource to a file."),
        Command.withSubcommands(exportCommands)
      ),
      verify,
      emulate
    ])
  )
}

export const cli = make(Object.values(resources))
