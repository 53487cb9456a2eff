// A loop without a library: undici, `JSON.parse` and a cursor, without validation.
import { open } from "node:fs/promises"
import { type Dispatcher, request } from "undici"

export interface Page {
  readonly data: ReadonlyArray<unknown>
  readonly list_metadata: { readonly after: string | null }
}

/**
 * Returns the URL of the page after a cursor, or of the first page.
 */
export const urlAfter = (server: URL, after: string | null): string =>
  `${server.origin}/connections?limit=100&order=desc${after === null ? "" : `&after=${after}`}`

/**
 * Reads all pages, one after the other, and returns the number of rows.
 */
export const read = async (
  server: URL,
  key: string,
  dispatcher: Dispatcher,
  use: (page: Page) => Promise<unknown> | void
): Promise<number> => {
  const headers = { authorization: `Bearer ${key}` }
  let after: string | null = null
  let seen = 0
  do {
    const response = await request(urlAfter(server, after), { headers, dispatcher })
    const page: Page = JSON.parse(await response.body.text())
    await use(page)
    seen += page.data.length
    after = page.list_metadata.after
  } while (after !== null)
  return seen
}

/**
 * Writes all rows to a file, one line per row, and returns the number of rows.
 */
export const toFile = async (server: URL, key: string, dispatcher: Dispatcher, file: string): Promise<number> => {
  const handle = await open(file, "w")
  const seen = await read(server, key, dispatcher, ({ data }) =>
    handle.appendFile(data.map((row) => `${JSON.stringify(row)}\n`).join(""))
  )
  await handle.close()
  return seen
}
