// The HTML of the emulated identity provider's sign-in page.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import * as Html from "./Html.ts"

/** The path of the sign-in page. */
export const path = "/_emulator/sign-in"

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
}): string =>
  Html.document(
    `Sign in to ${name}`,
    `<h1>Sign in</h1>
<p>This is the emulated identity provider (${Html.escape(connectionType)}) of <strong>${Html.escape(name)}</strong>.</p>
${problem === undefined ? "" : `<p id="problem" role="alert">${Html.escape(problem)}</p>\n`}<form method="post" action="${Html.escape(action)}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${Html.escape(email)}"${
      problem === undefined ? "" : ' aria-invalid="true" aria-describedby="problem"'
    }>
<button type="submit" name="action" value="sign-in">Sign in</button>
<button type="submit" name="action" value="deny" formnovalidate>Deny</button>
</form>`
  )
