// Mutants that fall over ids and texts which somebody meant ill with.
import { crash, html, inFront, type Mutant, type Mutate, type Rewrite, rewriteAnswer, withPath } from "./Mutant.ts"
import { get, list } from "./Probe.ts"

const hostileId = (
  operation: "connections.get" | "connections.delete",
  isMeant: (id: string) => boolean,
  rewrite: Rewrite
) =>
  rewriteAnswer(operation, 404, (answer, asked, store) => (isMeant(asked.id) ? rewrite(answer, asked, store) : answer))

/**
 * input/hostile-id: ids that were never meant to be any.
 */
const hostileIds: ReadonlyArray<Mutant> = [
  {
    id: "percent-crashes",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 where an id holds a percent sign",
    mutate: hostileId("connections.get", (id) => /%25|%(?![0-9a-f]{2})/i.test(id), crash),
    shows: () => [get("%25")]
  },
  {
    id: "not-ascii-crashes",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 where an id holds letters that are not ASCII",
    subtle: true,
    mutate: hostileId("connections.get", (id) => /%[89a-f]/i.test(id), crash),
    shows: () => [get("%C3%A9")]
  },
  {
    id: "long-ids-crash",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 and a proxy's page where an id is longer than a thousand letters",
    subtle: true,
    mutate: hostileId("connections.get", ({ length }) => length > 1000, html(500)),
    shows: () => [get("a".repeat(10_000))]
  },
  {
    id: "quotes-crash",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 where an id holds a quotation mark",
    subtle: true,
    mutate: hostileId("connections.get", (id) => /'|%27|%22/.test(id), crash),
    shows: () => [get("%27")]
  },
  {
    id: "slashes-lead-to-the-list",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Shows the list where an id holds a slash",
    mutate: inFront(
      (emulator) => async (asked) =>
        emulator(
          asked.operation === "connections.get" && /%2f/i.test(asked.id)
            ? withPath(asked, "/connections")
            : asked.request
        )
    ),
    shows: () => [get("..%2Fconnections")]
  }
]

const hostileText = (isMeant: (text: string) => boolean, rewrite: Rewrite): Mutate =>
  rewriteAnswer("connections.list", 200, (answer, asked, store) =>
    isMeant(asked.query.get("search") ?? "") ? rewrite(answer, asked, store) : answer
  )

const isRegExp = (text: string): boolean => {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/**
 * input/hostile-text: texts that are allowed, and seldom seen.
 */
const hostileTexts: ReadonlyArray<Mutant> = [
  {
    id: "searching-a-quote-crashes",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search for a quotation mark",
    mutate: hostileText((text) => text.includes("'"), crash),
    shows: () => [list("search=%27")]
  },
  {
    id: "searching-null-crashes",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search with a null byte",
    subtle: true,
    mutate: hostileText((text) => text.includes("\u0000"), crash),
    shows: () => [list("search=%00")]
  },
  {
    id: "long-searches-crash",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search for more than a thousand letters",
    subtle: true,
    mutate: hostileText(({ length }) => length > 1000, crash),
    shows: () => [list(`search=${"a".repeat(5000)}`)]
  },
  {
    id: "searches-are-patterns",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search that is no regular expression",
    subtle: true,
    mutate: hostileText((text) => !isRegExp(text), crash),
    shows: () => [list("search=(")]
  }
]

export const hostile: ReadonlyArray<Mutant> = [...hostileIds, ...hostileTexts]
