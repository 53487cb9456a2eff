// A strict XML parser for tests.
import { SaxesParser } from "saxes"

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Array<Element>
  text: string
}

/**
 * Returns the root element. Throws if the document is not well-formed.
 */
export const read = (document: string): Element => {
  const root: Element = { name: "", attributes: {}, children: [], text: "" }
  const open = [root]
  const parser = new SaxesParser()
  parser.on("error", (error) => {
    throw error
  })
  parser.on("opentag", ({ attributes, name }) => {
    const element: Element = { name, attributes, children: [], text: "" }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on("text", (text) => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  })
  parser.on("closetag", () => {
    open.pop()
  })
  parser.write(document).close()
  const [element] = root.children
  if (element === undefined) throw new Error("No element")
  return element
}

/**
 * Returns all descendants with a name.
 */
export const all = (element: Element, name: string): ReadonlyArray<Element> =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)])
