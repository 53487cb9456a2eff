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

/** A sign-in that has begun: where the browser goes, and what it has to bring back. */
export interface Begun {
  readonly url: string
  readonly state: string
  readonly codeVerifier: string
}
