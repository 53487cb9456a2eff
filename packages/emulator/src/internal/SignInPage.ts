// The HTML of the emulated identity provider's sign-in page.
import type { Connection } from "@effect-workos/domain/sso/Connection"

/** The path of the sign-in page. */
export const path = "/_emulator/sign-in"

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? "")

const style =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}" +
  "label,input{display:block;width:100%;box-sizing:border-box}input{font:inherit;padding:.5rem;margin:.25rem 0 1rem;" +
  "border:1px solid #6b6b76}button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}[role=alert]{color:#a40000}"

/**
 * Renders the sign-in page without scripts.
 *
 * **Details**
 *
 * - `action`: the URL of the form.
 * - `email`: the value of the email field.
 * - `problem`: an error message for the email field.
 */
export const render = ({
  action,
  connection: { connectionType, name },
  email,
  problem
}: {
  readonly action: string
  readonly connection: Pick<Connection, "connectionType" | "name">
  readonly email: string
  readonly problem?: string | undefined
}): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in to ${escape(name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Sign in</h1>
<p>This is the emulated identity provider (${escape(connectionType)}) of <strong>${escape(name)}</strong>.</p>
${problem === undefined ? "" : `<p id="problem" role="alert">${escape(problem)}</p>\n`}<form method="post" action="${escape(action)}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${escape(email)}"${
  problem === undefined ? "" : ' aria-invalid="true" aria-describedby="problem"'
}>
<button type="submit" name="action" value="sign-in">Sign in</button>
<button type="submit" name="action" value="deny" formnovalidate>Deny</button>
</form>
</main>
</body>
</html>
`

/** Security headers: no external resources, no scripts, no framing. */
export const headers = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer"
}
