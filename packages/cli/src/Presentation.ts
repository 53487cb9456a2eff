// The presentation of each resource on the command line, as data: flags, columns, detail views and examples. Resources
// without an entry have defaults that are derived from their schemas.

/**
 * A colour of text in a terminal.
 */
export type Colour = "green" | "red" | "yellow"

/**
 * The path of a value in an encoded row, for example `options.signing_cert`. A path through a list selects the values of all
 * items. Of several paths, the first one with a non-empty string is used.
 */
type Path = string | ReadonlyArray<string>

/**
 * A column of a table.
 *
 * **Details**
 *
 * - `format`: the format of a timestamp. Defaults to the unchanged value.
 * - `minimum`: the width to which the column may shrink. Defaults to `width`.
 * - `from`: the minimum width of a terminal that shows the column. Defaults to 0.
 * - `colours`: patterns of values and their colours. The first pattern that matches is used.
 */
export interface Column {
  readonly heading: string
  readonly value: Path
  readonly format?: "date" | "time"
  readonly width: number
  readonly minimum?: number
  readonly from?: number
  readonly colours?: ReadonlyArray<readonly [pattern: RegExp, colour: Colour]>
}

/**
 * A field of a detail view.
 *
 * **Details**
 *
 * - `item`: for a list of objects, the name of the field to show, and of a field to add in parentheses.
 * - `empty`: the text to show without a value. Without this text, the field is omitted.
 */
export interface DetailField {
  readonly label: string
  readonly value: Path
  readonly format?: "time"
  readonly item?: readonly [name: string, note: string]
  readonly empty?: string
}

/**
 * A flag for a filter of a list.
 *
 * **Details**
 *
 * - `name`: the name of the flag. Defaults to the query parameter in kebab-case, without `Id`, and in the singular for a
 *   list.
 * - `expected`: the description of valid values in errors.
 * - `pattern`: a pattern that valid values match, in addition to the schema of the parameter.
 */
export interface FilterFlag {
  readonly name?: string
  readonly metavar?: string
  readonly description?: string
  readonly expected?: string
  readonly pattern?: RegExp
}

/**
 * The presentation of one resource.
 *
 * **Details**
 *
 * - `filters`: the flags of filters, by the name of the query parameter. They precede the derived flags, in this order.
 * - `note`: a sentence about a restriction of the list, for help texts.
 * - `examples`: arguments of `effect-workos`, by command.
 */
export interface Presentation {
  readonly columns?: ReadonlyArray<Column>
  readonly details?: ReadonlyArray<DetailField>
  readonly filters?: Readonly<Record<string, FilterFlag>>
  readonly note?: string
  readonly examples?: {
    readonly list?: ReadonlyArray<string>
    readonly get?: ReadonlyArray<string>
    readonly export?: ReadonlyArray<string>
  }
}

/** Flags of filters that have the same meaning for every resource. */
export const filters: Readonly<Record<string, FilterFlag>> = {
  search: { metavar: "TEXT", description: "Select only rows whose name contains TEXT." },
  rangeStart: {
    name: "since",
    description:
      "Select only rows since TIME: a timestamp (2026-01-15T12:00:00Z) or a duration before now (30m, 2h, 7d)."
  },
  rangeEnd: { name: "until", description: "Select only rows until TIME." }
}

/** The presentations, by the name of the resource. */
export const presentations: Readonly<Record<string, Presentation>> = {
  connections: {
    filters: {
      connectionType: {
        name: "type",
        description: "Select only connections of this type, for example OktaSAML.",
        expected: "a connection type such as OktaSAML, EntraIdOIDC or GoogleOAuth"
      },
      organizationId: {},
      domain: { metavar: "DOMAIN", description: "Select only connections with this domain, for example foo-corp.com." }
    },
    columns: [
      { heading: "ID", value: "id", width: 31 },
      { heading: "NAME", value: "name", width: 28, minimum: 16 },
      { heading: "TYPE", value: "connection_type", width: 22, minimum: 12 },
      {
        heading: "STATE",
        value: "state",
        width: 13,
        minimum: 10,
        colours: [
          [/^active$/, "green"],
          [/^(?:inactive|deleting)$/, "red"],
          [/^/, "yellow"]
        ]
      },
      { heading: "CREATED", value: "created_at", format: "date", width: 10 },
      { heading: "DOMAINS", value: "domains.domain", width: 60, minimum: 14 }
    ],
    details: [
      { label: "Id", value: "id" },
      { label: "Name", value: "name" },
      { label: "Type", value: "connection_type" },
      { label: "State", value: "state" },
      { label: "Organization", value: "organization_id", empty: "none" },
      { label: "Domains", value: "domains.domain", empty: "none" },
      { label: "Certificate", value: "options.signing_cert" },
      { label: "Created", value: "created_at", format: "time" },
      { label: "Updated", value: "updated_at", format: "time" }
    ],
    examples: {
      get: ["connections get conn_01E4ZCR3C56J083X43JQXF3JK5"],
      list: ["connections list --type OktaSAML --limit 50", "connections list --all --json | jq -r .name"],
      export: [
        "export connections --output connections.ndjson",
        "export connections --output connections.parquet",
        "export connections --output connections.ndjson --resume",
        "export connections --output - --type OktaSAML | gzip > okta.ndjson.gz"
      ]
    }
  },
  organizations: {
    filters: {
      domains: {
        metavar: "DOMAIN",
        description: "Select only organizations with this domain. Repeatable, to match any of the domains.",
        expected: "a domain such as foo-corp.com",
        // A request separates the values with commas.
        pattern: /^[^\s,]+$/
      }
    },
    columns: [
      { heading: "ID", value: "id", width: 30 },
      { heading: "NAME", value: "name", width: 32, minimum: 14 },
      { heading: "EXTERNAL ID", value: "external_id", width: 20, minimum: 8, from: 100 },
      { heading: "CREATED", value: "created_at", format: "date", width: 10 },
      { heading: "DOMAINS", value: "domains.domain", width: 60, minimum: 12 }
    ],
    details: [
      { label: "Id", value: "id" },
      { label: "Name", value: "name" },
      { label: "External id", value: "external_id", empty: "none" },
      { label: "Domains", value: "domains", item: ["domain", "state"], empty: "none" },
      { label: "Metadata", value: "metadata", empty: "none" },
      { label: "Stripe", value: "stripe_customer_id" },
      { label: "Created", value: "created_at", format: "time" },
      { label: "Updated", value: "updated_at", format: "time" }
    ],
    examples: {
      get: ["organizations get org_01EHZNVPK3SFK441A1RGBFSHRT", "organizations get --external-id acme-1 --json"],
      list: [
        "organizations list --domain foo-corp.com --domain foo-corp.org",
        "organizations list --all --json | jq -r .name"
      ],
      export: [
        "export organizations --output organizations.csv --escape-formulas",
        "export organizations --output organizations.ndjson --resume"
      ]
    }
  },
  events: {
    filters: {
      events: {
        name: "type",
        metavar: "TYPE",
        description: "Select only events of this type, for example connection.deactivated. Repeatable.",
        expected: "an event type such as connection.activated",
        // New releases of WorkOS add types, so a list of them cannot be complete.
        pattern: /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/
      },
      organizationId: {}
    },
    note: "WorkOS keeps events for 30 days.",
    columns: [
      { heading: "TIME (UTC)", value: "created_at", format: "time", width: 19 },
      {
        heading: "TYPE",
        value: "event",
        width: 39,
        minimum: 24,
        colours: [
          [/\.(?:deactivated|deleted|\w*failed|\w*required)$/, "red"],
          [/\.(?:activated|created|verified|renewed)$/, "green"]
        ]
      },
      {
        heading: "OBJECT",
        value: ["", "connection.", "organization_domain."].flatMap((object) =>
          ["name", "domain", "email", "id"].map((name) => `data.${object}${name}`)
        ),
        width: 30,
        minimum: 14
      },
      {
        heading: "OBJECT ID",
        value: ["data.id", "data.connection.id", "data.organization_domain.id"],
        width: 37,
        from: 160
      },
      { heading: "EVENT ID", value: "id", width: 32, from: 110 }
    ],
    examples: {
      list: [
        "events list --type connection.activated --type connection.deactivated",
        "events list --since 7d --all --json | jq -r .event | sort | uniq -c"
      ],
      export: [
        "export events --output events.ndjson",
        "export events --output today.parquet --since 24h",
        "export events --output - --type connection.deactivated --until 2026-01-15 | jq .data"
      ]
    }
  },
  authorizedApplications: {
    columns: [
      { heading: "ID", value: "id", width: 49 },
      { heading: "APPLICATION", value: "application.name", width: 32, minimum: 14 },
      { heading: "SCOPES", value: "granted_scopes", width: 24, minimum: 10 },
      { heading: "APPLICATION ID", value: "application.id", width: 35 }
    ]
  },
  sessions: {
    columns: [
      { heading: "ID", value: "id", width: 34 },
      { heading: "METHOD", value: "auth_method", width: 16, minimum: 10 },
      { heading: "STATE", value: "status", width: 13, minimum: 10, colours: [[/^active$/, "green"]] },
      { heading: "CREATED", value: "created_at", format: "time", width: 19 },
      { heading: "EXPIRES", value: "expires_at", format: "time", width: 19 },
      { heading: "ADDRESS", value: "ip_address", width: 15 },
      { heading: "ORGANIZATION", value: "organization_id", width: 30, from: 100 }
    ],
    examples: { list: ["sessions list user_01E4ZCR3C56J083X43JQXF3JK5"] }
  },
  groups: {
    examples: {
      list: ["groups list org_01EHZNVPK3SFK441A1RGBFSHRT"],
      get: ["groups get org_01EHZNVPK3SFK441A1RGBFSHRT group_01HXYZ123456789ABCDEFGHIJ"]
    }
  },
  users: {
    examples: {
      list: ["users list --organization org_01EHZNVPK3SFK441A1RGBFSHRT"],
      get: ["users get user_01E4ZCR3C56J083X43JQXF3JK5"]
    }
  },
  organizationMemberships: {
    filters: {
      userId: {},
      organizationId: {},
      statuses: {
        metavar: "STATUS",
        description: "Select only memberships that are active, inactive or pending. Repeatable. Defaults to active.",
        expected: "active, inactive or pending"
      }
    },
    examples: {
      list: ["organization-memberships list --user user_01E4ZCR3C56J083X43JQXF3JK5"],
      export: ["export organization-memberships --organization org_01EHZNVPK3SFK441A1RGBFSHRT --output members.csv"]
    }
  }
}
