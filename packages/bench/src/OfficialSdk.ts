// The official SDK, the baseline of calls and crawls: users would choose it instead of this library.
import { WorkOS } from "@workos-inc/node"
import * as Client from "./Client.ts"

/**
 * Makes an SDK client that sends its requests to `server`.
 */
export const make = (server: URL): WorkOS =>
  new WorkOS(Client.key, { apiHostname: server.hostname, port: Number(server.port), https: false })

/**
 * Reads all pages of 100 connections and returns the number of rows. `autoPagination` is not used, because it waits 350 ms
 * after each page.
 */
export const readConnections = async (workos: WorkOS): Promise<number> => {
  let after: string | undefined
  let seen = 0
  do {
    const page = await workos.sso.listConnections({
      limit: 100,
      order: "desc",
      ...(after === undefined ? {} : { after })
    })
    seen += page.data.length
    after = page.listMetadata.after ?? undefined
  } while (after !== undefined)
  return seen
}
