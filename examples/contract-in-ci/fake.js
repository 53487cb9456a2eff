// A fake of WorkOS for the tests of an application: it lists connections, and gets one of them. It has three bugs.
import { ConnectionTypeFilter } from "@effect-workos/domain/sso/Connection"
import { serve } from "@hono/node-server"
import { Hono } from "hono"

const types = ConnectionTypeFilter.literals
const toId = (prefix, number) => `${prefix}_${String(number).padStart(26, "0")}`

const connections = Array.from({ length: 45 }, (_, index) => ({
  object: "connection",
  id: toId("conn", index),
  organization_id: toId("org", index % 10),
  connection_type: types[index % 3],
  name: `Customer ${index % 10}`,
  state: "active",
  status: "linked",
  domains: [{ object: "connection_domain", id: toId("org_domain", index), domain: `customer-${index % 10}.example` }],
  created_at: new Date(Date.UTC(2026, 0, 1, index)).toISOString(),
  updated_at: new Date(Date.UTC(2026, 0, 1, index)).toISOString()
}))

const app = new Hono().use(async (context, next) => {
  context.header("x-request-id", crypto.randomUUID())
  if (context.req.header("authorization")?.startsWith("Bearer sk_test_")) return next()
  return context.json({ message: "Unauthorized" }, 401)
})

app.get("/connections", (context) => {
  const { limit = "10", order = "desc", ...query } = context.req.query()
  const { connection_type: type = "OktaSAML", domain = "", organization_id: organization, search = "" } = query
  // The order `normal` is descending with reversed cursors.
  const [next, previous] = order === "normal" ? ["before", "after"] : ["after", "before"]
  const { [next]: after, [previous]: before } = query
  const all = order === "asc" ? connections : connections.toReversed()
  const position = all.findIndex(({ id }) => id === (after ?? before))
  const isCursor = position >= 0 || (after === undefined && before === undefined)
  if (!isCursor || !/^(asc|desc|normal)$/.test(order) || !types.includes(type) || !/^([1-9]\d?|100)$/.test(limit)) {
    return context.json({ message: "Validation failed" }, 422)
  }
  const isWanted = ({ connection_type, domains, name, organization_id }) =>
    (query.connection_type === undefined || connection_type === type) &&
    (organization === undefined || organization_id === organization) &&
    name.toLowerCase().includes(search.toLowerCase()) &&
    domains[0].domain.endsWith(domain.toLowerCase())
  const start = Math.max(position, 0)
  const [earlier, later] = [all.slice(0, start).filter(isWanted), all.slice(start).filter(isWanted)]
  const data = before === undefined ? later.slice(0, Number(limit)) : earlier.slice(-Number(limit))
  const isFirst = earlier.length === (before === undefined ? 0 : data.length)
  const isLast = later.length === (before === undefined ? data.length : 0)
  const [first = null, last = null] = [data[0]?.id, data.at(-1)?.id]
  const cursors = { [previous]: isFirst ? null : first, [next]: isLast ? null : last }
  return context.json({ object: "list", data, list_metadata: cursors })
})

app.get("/connections/:id", (context) => {
  const connection = connections.find(({ id }) => id === context.req.param("id"))
  return connection === undefined ? context.json({ message: "Connection not found" }, 404) : context.json(connection)
})

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 4100) })
