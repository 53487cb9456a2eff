// The HTML of AuthKit's hosted pages: one form per step.
import * as Schema from "effect/Schema"
import * as Html from "./Html.ts"

/** The path of the hosted sign-in page. */
export const path = "/_emulator/authkit"

/** The path of the page on which users enter the code of a device. */
export const devicePath = `${path}/device`

const text = Schema.optionalKey(Schema.String)

/** The fields of all forms. A form has the fields of its page. */
export const Form = Schema.Struct({
  /** The action of a button, and its choice after a colon. */
  action: Schema.String,
  email: text,
  password: text,
  code: text,
  first_name: text,
  last_name: text,
  user_code: text,
  secret: text,
  pending_authentication_token: text,
  challenge_id: text
})

/** A field of a form. */
interface Field {
  readonly name: string
  readonly label: string
  readonly type?: "text" | "email" | "password"
  readonly value?: string | undefined
  readonly autocomplete?: string
  readonly optional?: boolean
}

/** A button that submits a form. `name` and `value` are sent with the form. */
interface Button {
  readonly label: string
  readonly action: string
  /** A further value that the button sends. */
  readonly choice?: string
  /** The form need not be filled in. */
  readonly skip?: boolean
}

/** A page with one form. */
export interface Page {
  readonly title: string
  readonly text?: ReadonlyArray<string>
  /** A code or a secret that the user would receive in another way. */
  readonly shown?: { readonly label: string; readonly value: string }
  readonly fields?: ReadonlyArray<Field>
  /** Values that the form sends back. */
  readonly hidden?: Readonly<Record<string, string | undefined>>
  readonly buttons: ReadonlyArray<Button>
}

const attributes = (values: Readonly<Record<string, string | boolean | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [value === true ? name : `${name}="${Html.escape(value)}"`]
    )
    .join(" ")

const input = (
  { autocomplete, label, name, optional = false, type = "text", value }: Field,
  isInvalid: boolean
): string =>
  `<label for="${name}">${Html.escape(label)}</label>
<input ${attributes({
    id: name,
    name,
    type,
    value,
    autocomplete,
    required: !optional,
    "aria-invalid": isInvalid ? "true" : undefined,
    "aria-describedby": isInvalid ? "problem" : undefined
  })}>`

const button = ({ action, choice, label, skip = false }: Button): string =>
  `<button ${attributes({
    type: "submit",
    name: "action",
    value: choice === undefined ? action : `${action}:${choice}`,
    formnovalidate: skip
  })}>${Html.escape(label)}</button>`

/**
 * Renders a page. `action` is the URL of the form, and `problem` an error message about the first field.
 */
export const render = (
  { buttons, fields = [], hidden = {}, shown, text = [], title }: Page,
  action: string,
  problem?: string
): string =>
  Html.document(
    title,
    [
      `<h1>${Html.escape(title)}</h1>`,
      ...text.map((paragraph) => `<p>${Html.escape(paragraph)}</p>`),
      ...(shown === undefined
        ? []
        : [`<p>${Html.escape(shown.label)} <output id="shown">${Html.escape(shown.value)}</output></p>`]),
      ...(problem === undefined ? [] : [`<p id="problem" role="alert">${Html.escape(problem)}</p>`]),
      ...(buttons.length === 0
        ? []
        : [
            `<form ${attributes({ method: "post", action })}>`,
            ...Object.entries(hidden).flatMap(([name, value]) =>
              value === undefined ? [] : [`<input ${attributes({ type: "hidden", name, value })}>`]
            ),
            ...fields.map((field, index) => input(field, problem !== undefined && index === 0)),
            ...buttons.map(button),
            "</form>"
          ])
    ].join("\n")
  )

// -----------------------------------------------------------------------------
// Pages
// -----------------------------------------------------------------------------

const deny: Button = { label: "Deny", action: "deny", skip: true }

const emailField = (value: string | undefined): Field => ({
  name: "email",
  label: "Email address",
  type: "email",
  value,
  autocomplete: "username"
})

const codeField: Field = { name: "code", label: "Code", autocomplete: "one-time-code" }

// Codes are shown because the emulator sends no emails and no messages.
const shownCode = (value: string) => ({ label: "The emulator sends no messages. Your code is", value })

/** Asks for the email address. */
export const start = (email: string | undefined, organization: string | undefined, allowSignUp: boolean): Page => ({
  title: "Sign in",
  text: [
    "This is the emulated sign-in page of AuthKit.",
    ...(organization === undefined ? [] : [`You are signing in to ${organization}.`])
  ],
  fields: [emailField(email)],
  buttons: [
    { label: "Continue", action: "start" },
    ...(allowSignUp ? [{ label: "Sign up", action: "new", skip: true }] : []),
    deny
  ]
})

/** Asks for the password. */
export const password = (email: string): Page => ({
  title: "Enter your password",
  text: [`You are signing in as ${email}.`],
  fields: [{ name: "password", label: "Password", type: "password", autocomplete: "current-password" }],
  hidden: { email },
  buttons: [
    { label: "Sign in", action: "password" },
    { label: "Use a code instead", action: "send-code", skip: true },
    deny
  ]
})

/** Asks for a magic code. */
export const magicCode = (email: string, code: string): Page => ({
  title: "Enter the code",
  text: [`A code for ${email} was created.`],
  shown: shownCode(code),
  fields: [codeField],
  hidden: { email },
  buttons: [{ label: "Sign in", action: "magic-code" }, { label: "New code", action: "send-code", skip: true }, deny]
})

/** Asks for the data of a new user. */
export const signUp = (values: {
  readonly email?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
}): Page => ({
  title: "Sign up",
  fields: [
    emailField(values.email),
    { name: "first_name", label: "First name", value: values.firstName, autocomplete: "given-name", optional: true },
    { name: "last_name", label: "Last name", value: values.lastName, autocomplete: "family-name", optional: true },
    { name: "password", label: "Password", type: "password", autocomplete: "new-password" }
  ],
  buttons: [{ label: "Sign up", action: "sign-up" }, { label: "Back", action: "back", skip: true }, deny]
})

/** Asks for the code of an email verification. */
export const verifyEmail = (token: string, email: string, code: string): Page => ({
  title: "Verify your email address",
  text: [`A code for ${email} was created.`],
  shown: shownCode(code),
  fields: [codeField],
  hidden: { pending_authentication_token: token },
  buttons: [{ label: "Verify", action: "verify-email" }, deny]
})

/** Asks for the code of a Radar challenge. */
export const radarChallenge = (type: "email" | "sms", token: string, challengeId: string, code: string): Page => ({
  title: "Confirm your identity",
  shown: shownCode(code),
  fields: [codeField],
  hidden: { pending_authentication_token: token, challenge_id: challengeId },
  buttons: [{ label: "Confirm", action: `radar-${type}` }, deny]
})

/** Asks for a code of an authenticator app. */
export const secondFactor = (token: string, challengeId: string): Page => ({
  title: "Enter the code of your app",
  text: ["Open your authenticator app and enter its current code."],
  fields: [codeField],
  hidden: { pending_authentication_token: token, challenge_id: challengeId },
  buttons: [{ label: "Continue", action: "totp" }, deny]
})

/** Asks for the first code of a new authenticator app. */
export const enrolment = (token: string, secret: string): Page => ({
  title: "Set up an authenticator app",
  text: ["Add an account with the secret to your authenticator app, and enter the current code of the app."],
  shown: { label: "The secret is", value: secret },
  fields: [codeField],
  hidden: { pending_authentication_token: token, secret },
  buttons: [{ label: "Continue", action: "enrol" }, deny]
})

/** Asks for the organization. */
export const selectOrganization = (
  token: string,
  organizations: ReadonlyArray<{ readonly id: string; readonly name: string }>
): Page => ({
  title: "Select an organization",
  hidden: { pending_authentication_token: token },
  buttons: [...organizations.map(({ id, name }) => ({ label: name, action: "organization", choice: id })), deny]
})

/** Sends the user to the identity provider of an organization. */
export const singleSignOn = (
  email: string,
  connections: ReadonlyArray<{ readonly id: string; readonly name: string }>
): Page => ({
  title: "Use single sign-on",
  text: ["The organization requires single sign-on."],
  hidden: { email },
  buttons: [...connections.map(({ id, name }) => ({ label: `Continue with ${name}`, action: "sso", choice: id })), deny]
})

/** Asks for the code that a device shows. */
export const device = (userCode: string | undefined): Page => ({
  title: "Connect a device",
  text: ["Enter the code that the device shows, if you have started the sign-in yourself."],
  fields: [{ name: "user_code", label: "Code of the device", value: userCode, autocomplete: "off" }],
  buttons: [{ label: "Continue", action: "device" }, deny]
})

/** Shows the end of a device authorization. */
export const deviceDone = (isApproved: boolean): Page => ({
  title: isApproved ? "The device is connected" : "The device is not connected",
  text: ["You can close this page."],
  buttons: []
})
