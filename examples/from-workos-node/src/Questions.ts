// The results of both programs, which a test compares.

export interface Customer {
  readonly id: string
  readonly name: string
  /** The ids of all active connections, newest first. */
  readonly active: ReadonlyArray<string>
}

export interface Person {
  readonly email: string
  readonly organizationId: string | null
}

/** The start of a sign-in: the URL to which the browser is sent, and two values that completing the sign-in needs. */
export interface AuthorizationRequest {
  readonly url: string
  readonly state: string
  readonly codeVerifier: string
}
