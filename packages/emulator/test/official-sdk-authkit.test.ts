// The official SDK for Node, unmodified: every flow of AuthKit over a real socket; `jose` verifies the tokens.
import { NodeHttpServer } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { AuthenticationException, OauthException, WorkOS } from "@workos-inc/node"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { createServer } from "node:http"
import * as Clients from "../src/Clients.ts"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { apiKey, callback, keys } from "./sign-in.ts"
import { totpAt } from "./totp.ts"

const clientId = Clients.defaultClientId

const password = "correct horse battery staple"

const cookiePassword = "a password of at least 32 characters"

class Sdk extends Context.Service<Sdk, { readonly url: string; readonly workos: WorkOS; readonly open: WorkOS }>()(
  "test/AuthKitSdk"
) {}

const layerSdk = (authkit: Emulator.Options["authkit"] = {}) =>
  Layer.effect(
    Sdk,
    Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer
      const port = address._tag === "InetAddressV4" ? address.port : 0
      const at = { apiHostname: "127.0.0.1", port, https: false, clientId }
      return { url: `http://127.0.0.1:${port}`, workos: new WorkOS(apiKey, at), open: new WorkOS(at) }
    })
  ).pipe(
    Layer.provide(Emulator.layerServer({ keys, authkit })),
    Layer.provideMerge(Layer.effect(Store.Store, Store.make({}))),
    Layer.provide(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
  )

const run = <A>(promise: (sdk: Sdk["Service"]) => Promise<A>) =>
  Effect.flatMap(Sdk, (sdk) => Effect.promise(() => promise(sdk)))

// Visits the URL, and returns the parameters of the redirect.
const visit = async (url: string) => {
  const response = await fetch(url, { redirect: "manual" })
  return Object.fromEntries(new URL(response.headers.get("location") ?? "").searchParams)
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

// The next step of an authentication.
const stepOf = async (promise: Promise<unknown>) => {
  const error = await rejection(promise)
  assert.instanceOf(error, AuthenticationException)
  const { code, pendingAuthenticationToken = "", rawData } = error
  return { code, pendingAuthenticationToken, rawData, error }
}

const invalidGrant = async (promise: Promise<unknown>) => {
  const error = await rejection(promise)
  assert.instanceOf(error, OauthException)
  assert.strictEqual(error.error, "invalid_grant")
}

const decodeCodes = Schema.decodeUnknownSync(
  Schema.Struct({ data: Schema.NonEmptyArray(Schema.Struct({ code: Schema.String })) })
)

// The code that a user would receive, from the admin API.
const codeOf = async (url: string, recipient: string): Promise<string> => {
  const response = await fetch(`${url}/_emulator/codes?${new URLSearchParams({ recipient })}`)
  return decodeCodes(await response.json()).data[0].code
}

let count = 0

const makeUser = ({ userManagement }: WorkOS, emailVerified = true) =>
  userManagement.createUser({ email: `user-${++count}@example.com`, password, emailVerified })

// A user with a role in each of several new organizations.
const makeMember = async (workos: WorkOS, roles: ReadonlyArray<string>) => {
  const user = await makeUser(workos)
  const organizations = []
  for (const roleSlug of roles) {
    const organization = await workos.organizations.createOrganization({ name: `Organization ${++count}` })
    await workos.userManagement.createOrganizationMembership({
      userId: user.id,
      organizationId: organization.id,
      roleSlug
    })
    organizations.push(organization)
  }
  return { user, organizations }
}

layer(layerSdk({ permissions: { admin: ["posts:write", "posts:read"] }, featureFlags: ["beta"] }))(
  "@workos-inc/node and AuthKit",
  (it) => {
    it.effect("The official SDK signs in with a code, and the access token verifies with the JWKS", () =>
      run(async ({ url, workos }) => {
        const { organizations, user } = await makeMember(workos, ["admin"])
        const { code = "", state } = await visit(
          workos.userManagement.getAuthorizationUrl({
            provider: "authkit",
            clientId,
            redirectUri: callback,
            state: "a b&c=ü",
            loginHint: user.email
          })
        )
        assert.strictEqual(state, "a b&c=ü")
        const response = await workos.userManagement.authenticateWithCode({ clientId, code, userAgent: "Test/1.0" })
        assert.strictEqual(response.user.id, user.id)
        assert.strictEqual(response.organizationId, organizations[0]?.id)
        const jwks = new URL(workos.userManagement.getJwksUrl(clientId))
        assert.strictEqual(jwks.origin, url)
        const { payload } = await jwtVerify(response.accessToken, createRemoteJWKSet(jwks), {
          algorithms: ["RS256"],
          issuer: "https://api.workos.com",
          currentDate: new Date(0)
        })
        const [session] = (await workos.userManagement.listSessions(user.id)).data
        assert.deepInclude(payload, {
          sub: user.id,
          sid: session?.id,
          org_id: organizations[0]?.id,
          role: "admin",
          roles: ["admin"],
          permissions: ["posts:write", "posts:read"],
          entitlements: [],
          feature_flags: ["beta"]
        })
        assert.strictEqual((payload.exp ?? 0) - (payload.iat ?? 0), 300)
        assert.deepInclude(session, { status: "active", authMethod: "password", userAgent: "Test/1.0" })
        await invalidGrant(workos.userManagement.authenticateWithCode({ clientId, code }))
      })
    )

    it.effect("The official SDK signs in with PKCE and refreshes, without a secret", () =>
      run(async ({ open, workos }) => {
        const user = await makeUser(workos)
        const started = await open.userManagement.getAuthorizationUrlWithPKCE({
          provider: "authkit",
          clientId,
          redirectUri: callback,
          loginHint: user.email
        })
        const { code = "", state } = await visit(started.url)
        assert.strictEqual(state, started.state)
        const { codeVerifier } = started
        const signedIn = await open.userManagement.authenticateWithCode({ clientId, code, codeVerifier })
        const { refreshToken } = signedIn
        const refreshed = await open.userManagement.authenticateWithRefreshToken({ clientId, refreshToken })
        assert.strictEqual(refreshed.user.id, user.id)
      })
    )

    it.effect(
      "The official SDK signs in with a password, refreshes once with each token, and switches organizations",
      () =>
        run(async ({ workos }) => {
          const { organizations, user } = await makeMember(workos, ["member", "admin"])
          const { userManagement } = workos
          const { code, pendingAuthenticationToken, rawData } = await stepOf(
            userManagement.authenticateWithPassword({ clientId, email: user.email, password })
          )
          assert.strictEqual(code, "organization_selection_required")
          const [first, second] = organizations
          assert.deepInclude(rawData, { organizations: organizations.map(({ id, name }) => ({ id, name })) })
          const signedIn = await userManagement.authenticateWithOrganizationSelection({
            clientId,
            pendingAuthenticationToken,
            organizationId: first?.id ?? ""
          })
          assert.strictEqual(signedIn.organizationId, first?.id)
          const switched = await userManagement.authenticateWithRefreshToken({
            clientId,
            refreshToken: signedIn.refreshToken,
            organizationId: second?.id ?? ""
          })
          assert.strictEqual(switched.organizationId, second?.id)
          const kept = await userManagement.authenticateWithRefreshToken({
            clientId,
            refreshToken: switched.refreshToken
          })
          assert.strictEqual(kept.organizationId, second?.id)
          // The reuse of a token ends the session.
          await invalidGrant(
            userManagement.authenticateWithRefreshToken({ clientId, refreshToken: signedIn.refreshToken })
          )
          await invalidGrant(userManagement.authenticateWithRefreshToken({ clientId, refreshToken: kept.refreshToken }))
        })
    )

    it.effect("The official SDK signs in with a magic code, and accepts an invitation", () =>
      run(async ({ workos }) => {
        const { userManagement } = workos
        const organization = await workos.organizations.createOrganization({ name: `Organization ${++count}` })
        const email = `invited-${++count}@example.com`
        const invitation = await userManagement.sendInvitation({
          email,
          organizationId: organization.id,
          roleSlug: "admin"
        })
        const { code } = await userManagement.createMagicAuth({ email })
        const response = await userManagement.authenticateWithMagicAuth({
          clientId,
          email,
          code,
          invitationToken: invitation.token
        })
        assert.strictEqual(response.organizationId, organization.id)
        assert.strictEqual(response.user.emailVerified, true)
        assert.strictEqual((await userManagement.getInvitation(invitation.id)).state, "accepted")
        const { data } = await userManagement.listOrganizationMemberships({ userId: response.user.id })
        assert.deepEqual(
          data.map(({ organizationId, role, status }) => [organizationId, role.slug, status]),
          [[organization.id, "admin", "active"]]
        )
      })
    )

    it.effect("The official SDK verifies an email address", () =>
      run(async ({ workos }) => {
        const { userManagement } = workos
        const user = await makeUser(workos, false)
        const { code, pendingAuthenticationToken, rawData } = await stepOf(
          userManagement.authenticateWithPassword({ clientId, email: user.email, password })
        )
        assert.strictEqual(code, "email_verification_required")
        assert.deepInclude(rawData, { email: user.email })
        const verification = await userManagement.getEmailVerification(
          String(Reflect.get(rawData, "email_verification_id"))
        )
        const wrong = await rejection(
          userManagement.authenticateWithEmailVerification({
            clientId,
            pendingAuthenticationToken,
            code: verification.code === "000000" ? "000001" : "000000"
          })
        )
        assert.propertyVal(Reflect.get(wrong as object, "rawData"), "code", "invalid_one_time_code")
        const response = await userManagement.authenticateWithEmailVerification({
          clientId,
          pendingAuthenticationToken,
          code: verification.code
        })
        assert.strictEqual(response.user.emailVerified, true)
      })
    )

    it.effect("The official SDK seals a session, refreshes it, switches organizations and signs out", () =>
      run(async ({ workos }) => {
        const { organizations, user } = await makeMember(workos, ["member", "admin"])
        const { userManagement } = workos
        const { code = "" } = await visit(
          userManagement.getAuthorizationUrl({
            provider: "authkit",
            clientId,
            redirectUri: callback,
            loginHint: user.email
          })
        )
        const { sealedSession = "" } = await userManagement.authenticateWithCode({
          clientId,
          code,
          session: { sealSession: true, cookiePassword }
        })
        const session = userManagement.loadSealedSession({ sessionData: sealedSession, cookiePassword })
        const refreshed = await session.refresh()
        assert.isTrue(refreshed.authenticated)
        const switched = await session.refresh({ organizationId: organizations[1]?.id ?? "" })
        assert(switched.authenticated)
        assert.strictEqual(switched.organizationId, organizations[1]?.id)
        assert.strictEqual(switched.role, "admin")
        const logout = userManagement.getLogoutUrl({
          sessionId: switched.sessionId,
          returnTo: "http://localhost:3000/bye"
        })
        const response = await fetch(logout, { redirect: "manual" })
        assert.strictEqual(response.headers.get("location"), "http://localhost:3000/bye")
        const ended = await session.refresh()
        assert(!ended.authenticated)
        assert.strictEqual(ended.reason, "invalid_grant")
        assert.deepStrictEqual((await userManagement.listSessions(user.id)).data, [])
      })
    )

    it.effect("The official SDK cannot refresh after a revocation, a deleted membership and a deleted user", () =>
      run(async ({ workos }) => {
        const { userManagement } = workos
        const ends: ReadonlyArray<(user: string) => Promise<unknown>> = [
          async (userId) => {
            const [session] = (await userManagement.listSessions(userId)).data
            await userManagement.revokeSession({ sessionId: session?.id ?? "" })
          },
          async (userId) => {
            const [membership] = (await userManagement.listOrganizationMemberships({ userId })).data
            await userManagement.deleteOrganizationMembership(membership?.id ?? "")
          },
          (userId) => userManagement.deleteUser(userId)
        ]
        for (const end of ends) {
          const { user } = await makeMember(workos, ["member"])
          const { email } = user
          const { refreshToken } = await userManagement.authenticateWithPassword({ clientId, email, password })
          await end(user.id)
          await invalidGrant(userManagement.authenticateWithRefreshToken({ clientId, refreshToken }))
        }
      })
    )
  }
)

layer(layerSdk({ requireMfa: true }))("@workos-inc/node and second factors", (it) => {
  it.effect("The official SDK enrols an authenticator app, and solves its challenge at the next sign-in", () =>
    run(async ({ workos }) => {
      const { multiFactorAuth, userManagement } = workos
      const user = await makeUser(workos)
      const signIn = () => userManagement.authenticateWithPassword({ clientId, email: user.email, password })
      const enrolment = await stepOf(signIn())
      assert.strictEqual(enrolment.code, "mfa_enrollment")
      const { authenticationChallenge, authenticationFactor } = await multiFactorAuth.createUserAuthFactor({
        userId: user.id,
        type: "totp"
      })
      const secret = authenticationFactor.totp.secret
      const enrolled = await userManagement.authenticateWithTotp({
        clientId,
        pendingAuthenticationToken: enrolment.pendingAuthenticationToken,
        authenticationChallengeId: authenticationChallenge.id,
        code: totpAt(secret, 0)
      })
      assert.strictEqual(enrolled.user.id, user.id)

      const challenged = await stepOf(signIn())
      assert.strictEqual(challenged.code, "mfa_challenge")
      assert.deepInclude(challenged.rawData, {
        authentication_factors: [{ id: authenticationFactor.id, type: "totp" }]
      })
      const challenge = await multiFactorAuth.challengeFactor({ authenticationFactorId: authenticationFactor.id })
      const solve = (code: string) =>
        userManagement.authenticateWithTotp({
          clientId,
          pendingAuthenticationToken: challenged.pendingAuthenticationToken,
          authenticationChallengeId: challenge.id,
          code
        })
      assert.isDefined(await rejection(solve("00000")))
      const { refreshToken, user: solved } = await solve(totpAt(secret, 0))
      assert.strictEqual(solved.id, user.id)
      await multiFactorAuth.deleteFactor(authenticationFactor.id)
      const refused = await stepOf(userManagement.authenticateWithRefreshToken({ clientId, refreshToken }))
      assert.strictEqual(refused.code, "mfa_enrollment")
    })
  )
})

layer(layerSdk({ radarChallenge: "email" }))("@workos-inc/node and Radar", (it) => {
  it.effect("The official SDK solves a Radar challenge by email", () =>
    run(async ({ url, workos }) => {
      const { userManagement } = workos
      const { email, id } = await makeUser(workos)
      const { code, error, pendingAuthenticationToken } = await stepOf(
        userManagement.authenticateWithPassword({ clientId, email, password })
      )
      assert.strictEqual(code, "radar_email_challenge")
      const response = await userManagement.authenticateWithRadarEmailChallenge({
        clientId,
        pendingAuthenticationToken,
        radarChallengeId: error.radarChallengeId ?? "",
        code: await codeOf(url, email)
      })
      assert.strictEqual(response.user.id, id)
    })
  )
})

layer(layerSdk({ radarChallenge: "sms" }))("@workos-inc/node and Radar by SMS", (it) => {
  it.effect("The official SDK solves a Radar challenge by SMS", () =>
    run(async ({ url, workos }) => {
      const { userManagement } = workos
      const { email, id: userId } = await makeUser(workos)
      const { code, pendingAuthenticationToken } = await stepOf(
        userManagement.authenticateWithPassword({ clientId, email, password })
      )
      assert.strictEqual(code, "radar_sms_challenge")
      const { phoneNumber, verificationId } = await userManagement.sendRadarSmsChallenge({
        userId,
        pendingAuthenticationToken,
        phoneNumber: "+15555550123"
      })
      const response = await userManagement.authenticateWithRadarSmsChallenge({
        clientId,
        pendingAuthenticationToken,
        verificationId,
        phoneNumber,
        code: await codeOf(url, phoneNumber)
      })
      assert.strictEqual(response.user.id, userId)
    })
  )
})
