// Mutants that fail on adversarial inputs.
import { crash, html, makeMutant, type Mutant, type Mutate, type Rewrite, rewriteResponse, withPath } from "./Mutant.ts"
import { get, list } from "./Probe.ts"

const withId = (
  operation: "connections.get" | "connections.delete",
  isMeant: (id: string) => boolean,
  rewrite: Rewrite
) =>
  rewriteResponse(operation, 404, (response, parsed, store) =>
    isMeant(parsed.id) ? rewrite(response, parsed, store) : response
  )

/**
 * Mutants for input/adversarial-id.
 */
const adversarialIds: ReadonlyArray<Mutant> = [
  {
    id: "percent-crashes",
    law: "input/adversarial-id",
    operation: "connections.get",
    summary: "Returns 500 for an id with a percent sign",
    mutate: withId("connections.get", (id) => /%25|%(?![0-9a-f]{2})/i.test(id), crash),
    shows: () => [get("%25")]
  },
  {
    id: "not-ascii-crashes",
    law: "input/adversarial-id",
    operation: "connections.get",
    summary: "Returns 500 for an id with non-ASCII characters",
    subtle: true,
    mutate: withId("connections.get", (id) => /%[89a-f]/i.test(id), crash),
    shows: () => [get("%C3%A9")]
  },
  {
    id: "long-ids-crash",
    law: "input/adversarial-id",
    operation: "connections.get",
    summary: "Returns 500 with the HTML page of a proxy for an id longer than 1,000 characters",
    subtle: true,
    mutate: withId("connections.get", ({ length }) => length > 1000, html(500)),
    shows: () => [get("a".repeat(10_000))]
  },
  {
    id: "quotes-crash",
    law: "input/adversarial-id",
    operation: "connections.get",
    summary: "Returns 500 for an id with a quotation mark",
    subtle: true,
    mutate: withId("connections.get", (id) => /'|%27|%22/.test(id), crash),
    shows: () => [get("%27")]
  },
  {
    id: "slashes-return-the-list",
    law: "input/adversarial-id",
    operation: "connections.get",
    summary: "Returns the list for an id with a slash",
    mutate: makeMutant(
      (emulator) => async (parsed) =>
        emulator(
          parsed.operation === "connections.get" && /%2f/i.test(parsed.id)
            ? withPath(parsed, "/connections")
            : parsed.request
        )
    ),
    shows: () => [get("..%2Fconnections")]
  }
]

const withText = (isMeant: (text: string) => boolean, rewrite: Rewrite): Mutate =>
  rewriteResponse("connections.list", 200, (response, parsed, store) =>
    isMeant(parsed.query.get("search") ?? "") ? rewrite(response, parsed, store) : response
  )

const isRegExp = (text: string): boolean => {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/**
 * Mutants for input/adversarial-text.
 */
const adversarialTexts: ReadonlyArray<Mutant> = [
  {
    id: "searching-a-quote-crashes",
    law: "input/adversarial-text",
    operation: "connections.list",
    summary: "Returns 500 for a search for a quotation mark",
    mutate: withText((text) => text.includes("'"), crash),
    shows: () => [list("search=%27")]
  },
  {
    id: "searching-null-crashes",
    law: "input/adversarial-text",
    operation: "connections.list",
    summary: "Returns 500 for a search with a null byte",
    subtle: true,
    mutate: withText((text) => text.includes("\u0000"), crash),
    shows: () => [list("search=%00")]
  },
  {
    id: "long-searches-crash",
    law: "input/adversarial-text",
    operation: "connections.list",
    summary: "Returns 500 for a search of more than 1,000 characters",
    subtle: true,
    mutate: withText(({ length }) => length > 1000, crash),
    shows: () => [list(`search=${"a".repeat(5000)}`)]
  },
  {
    id: "searches-are-patterns",
    law: "input/adversarial-text",
    operation: "connections.list",
    summary: "Returns 500 for a search that is not a valid regular expression",
    subtle: true,
    mutate: withText((text) => !isRegExp(text), crash),
    shows: () => [list("search=(")]
  }
]

export const adversarialInputs: ReadonlyArray<Mutant> = [...adversarialIds, ...adversarialTexts]
