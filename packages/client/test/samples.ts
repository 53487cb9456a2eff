// Responses of WorkOS.

export const id = "conn_01E4ZCR3C56J083X43JQXF3JK5"

export const connection = {
  object: "connection",
  id,
  connection_type: "OktaSAML",
  name: "Foo Corp",
  state: "active",
  domains: [],
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
}

export const page = { object: "list", data: [connection], list_metadata: { before: null, after: null } }

export const organizationId = "org_01EHZNVPK3SFK441A1RGBFSHRT"
