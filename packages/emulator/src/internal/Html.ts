// HTML documents without scripts: escaping, layout and security headers.
import * as HttpServerResponse from "effect/http/HttpServerResponse"

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

/** Escapes text for elements and quoted attributes. */
export const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? "")

const style =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}" +
  "label,input{display:block;width:100%;box-sizing:border-box}input{font:inherit;padding:.5rem;margin:.25rem 0 1rem;" +
  "border:1px solid #6b6b76}button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}[role=alert]{color:#a40000}"

/** Renders a document. `title` is text, and `body` is HTML. */
export const document = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`

/** Security headers: no external resources, no scripts, no framing. */
const headers = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer"
}

/** Responds with a document. */
export const respond = (html: string, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setStatus(HttpServerResponse.setHeaders(HttpServerResponse.html(html), headers), status)
