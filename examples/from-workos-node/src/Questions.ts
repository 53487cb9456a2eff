// What both programs can be asked, so that they can be held against one another.

export interface Customer {
  readonly id: string
  readonly name: string
  /** The ids of all of its connections that are active, newest first. */
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
