// Pages in HTML without scripts.
import * as Data from "effect/Data"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

/** HTML that needs no escaping. */
export class Html extends Data.Class<{ readonly text: string }> {}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const render = (value: string | ReadonlyArray<Html>): string =>
  typeof value === "string"
    ? value.replace(/[&<>"']/g, (letter) => entities[letter] ?? "")
    : value.map(({ text }) => text).join("")

/** Makes HTML from a template. Interpolated strings are escaped; interpolated `Html` is not. */
export const html = (
  strings: TemplateStringsArray,
  ...values: ReadonlyArray<string | Html | ReadonlyArray<Html>>
): Html =>
  new Html({
    text: String.raw({ raw: strings }, ...values.map((value) => render(value instanceof Html ? [value] : value)))
  })

export const style = `body { font: 1.125rem/1.5 system-ui, sans-serif; color: #1b1b1f; background: #fff; margin: 0 }
main { max-width: 32rem; margin: 4rem auto; padding: 0 1.5rem }
h1 { font-size: 1.75rem; line-height: 1.25 }
a { color: #3730a3 }
a, form { margin: 0 .75rem .75rem 0; display: inline-block }
a.button, button { padding: .5rem 1.25rem; border: 1px solid #3730a3; border-radius: .25rem; font: inherit; cursor: pointer }
a.button { color: #fff; background: #3730a3; text-decoration: none }
button { color: #3730a3; background: #fff }
:focus-visible { outline: 3px solid #d97706; outline-offset: 2px }
dt { font-weight: 600 }
dd { margin: 0 0 1rem; overflow-wrap: anywhere }
table { width: 100%; margin-bottom: 1.5rem; border-collapse: collapse }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #d4d4dc; text-align: left; overflow-wrap: anywhere }
`

export const page = (title: string, content: Html, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <link rel="stylesheet" href="/style.css" />
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${content}
          </main>
        </body>
      </html> `.text
  ).pipe(HttpServerResponse.setStatus(status))
