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

/** Makes HTML from a template. Interpolated strings are escaped; interpolated `Html` is not. */
export const html = (strings: TemplateStringsArray, ...values: ReadonlyArray<string | Html>): Html =>
  new Html({
    text: String.raw(
      { raw: strings },
      ...values.map((value) =>
        value instanceof Html ? value.text : value.replace(/[&<>"']/g, (letter) => entities[letter] ?? "")
      )
    )
  })

export const style = `body { font: 1.125rem/1.5 system-ui, sans-serif; color: #1b1b1f; background: #fff; margin: 0 }
main { max-width: 32rem; margin: 4rem auto; padding: 0 1.5rem }
label, input, button { display: block; font: inherit; box-sizing: border-box }
input { width: 100%; margin: .25rem 0 1rem; padding: .5rem .75rem; border: 1px solid #6b6b76; border-radius: .25rem }
button { padding: .5rem 1.25rem; border: 0; border-radius: .25rem; color: #fff; background: #3730a3; cursor: pointer }
a { color: #3730a3 }
:focus-visible { outline: 3px solid #d97706; outline-offset: 2px }
dt { font-weight: 600 }
dd { margin: 0 0 1rem; overflow-wrap: anywhere }
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
