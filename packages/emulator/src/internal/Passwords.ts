// The strength of passwords.
import { WeakPassword } from "@effect-workos/domain/user-management/PasswordError"

const minimumLength = 10

// WorkOS compares passwords with a list of breaches. These are some of the most frequent ones.
const breached = new Set([
  "1234567890",
  "123456789a",
  "iloveyou123",
  "password123",
  "password1234",
  "passw0rd123",
  "qwerty12345",
  "qwertyuiop",
  "welcome1234"
])

/**
 * Returns the error of a password that WorkOS rejects: shorter than ten characters, or known from a breach.
 */
export const weakness = (password: string): WeakPassword | undefined => {
  const errors = [
    ...([...password].length < minimumLength
      ? [
          {
            code: "password_too_short",
            message: `The password must have at least ${minimumLength} characters.`
          }
        ]
      : []),
    ...(breached.has(password.toLowerCase())
      ? [{ code: "password_pwned", message: "The password is known from a data breach." }]
      : [])
  ]
  return errors.length === 0
    ? undefined
    : new WeakPassword({
        code: "password_strength_error",
        message: "The password does not meet the requirements for its strength.",
        errors
      })
}
