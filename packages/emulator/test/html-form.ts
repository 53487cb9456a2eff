// The form of a page without scripts: its fields and buttons, and the request that a browser would send.
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { sendRequest, type SignInResponse } from "./sign-in.ts"

const unescape = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")

const attribute = (tag: string, name: string): string | undefined => {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? []
  return value === undefined ? undefined : unescape(value)
}

const tags = (html: string, name: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(new RegExp(`<${name}\\s[^>]*>`, "g")), ([tag]) => tag)

/** The text of the elements with a name. */
const textOf = (html: string, name: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(new RegExp(`<${name}[^>]*>([^<]*)</${name}>`, "g")), ([, text = ""]) => unescape(text))

export const titleOf = ({ text }: SignInResponse): string | undefined => textOf(text, "h1")[0]

/** The code or the secret that a page shows. */
export const shownIn = ({ text }: SignInResponse): string => textOf(text, "output")[0] ?? ""

/** The error message of a page. */
export const problemIn = ({ text }: SignInResponse): string | undefined =>
  unescape(/role="alert">([^<]*)</.exec(text)?.[1] ?? "") || undefined

/** Fills in the form of a page and presses a button. Asserts that each field has a label. */
export const press = Effect.fnUntraced(function* (
  page: SignInResponse,
  label: string,
  values: Readonly<Record<string, string>> = {}
) {
  const { text } = page
  const inputs = tags(text, "input")
  const names = inputs.map((tag) => attribute(tag, "name") ?? "")
  for (const name of Object.keys(values)) assert.include(names, name, text)
  for (const tag of inputs) {
    if (attribute(tag, "type") === "hidden") continue
    assert.include(text, `<label for="${attribute(tag, "id")}">`)
  }
  const [button] = Array.from(text.matchAll(/(<button\s[^>]*>)([^<]*)</g)).filter(
    ([, , content = ""]) => unescape(content) === label
  )
  assert.isDefined(button, `No button ${label} in ${text}`)
  const fields = inputs.map((tag): [string, string] => {
    const name = attribute(tag, "name") ?? ""
    return [name, values[name] ?? attribute(tag, "value") ?? ""]
  })
  const [form = ""] = tags(text, "form")
  return yield* sendRequest(attribute(form, "action") ?? "", {
    body: new URLSearchParams([...fields, ["action", attribute(button[1] ?? "", "value") ?? ""]]).toString(),
    contentType: "application/x-www-form-urlencoded"
  })
})
