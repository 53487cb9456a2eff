// Options that may be `undefined`, in programs with and without `exactOptionalPropertyTypes`. The compiler checks this file
// with the flag.
import { assert, describe, it } from "@effect/vitest"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import type * as resources from "@effect-workos/domain/resources"
import { isExhaustive } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import ts from "typescript-api"
import * as AuthorizationUrl from "../src/AuthorizationUrl.ts"
import type * as Client from "../src/Client.ts"
import * as SignIn from "../src/SignIn.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { runToEnd, server, withClient } from "./scripted-server.ts"

type OptionalKey<O> = { [K in keyof O]-?: {} extends Pick<O, K> ? K : never }[keyof O]
type Exact<O> = { readonly [K in OptionalKey<O>]: undefined } extends Pick<O, OptionalKey<O>> ? never : O
type ExactEndpoints<E> = {
  [Name in keyof E]: E[Name] extends Endpoint.Endpoint ? Exact<Client.OptionsOf<E[Name]>> : never
}[keyof E]

/** The options with a key that may be absent, but not `undefined`. */
type ExactOptions = {
  [Name in keyof typeof resources]: ExactEndpoints<(typeof resources)[Name]["endpoints"]>
}[keyof typeof resources]

/** Compiles only if all options that may be absent may be `undefined` too. */
export const none = (options: ExactOptions): never => options

const clientId = "client_01HZBC6N1EB1ZY7KG32X"
const redirectUri = "https://your-app.com/callback"

const calls = ({ connections, events, organizations, portal, sso }: WorkOs["Service"]) => [
  organizations.create({ name: "x", externalId: undefined, metadata: undefined, domainData: undefined }),
  organizations.update("org_1", { name: undefined, externalId: null, stripeCustomerId: undefined }),
  organizations.list({ domains: undefined, search: undefined, limit: undefined, order: undefined }),
  connections.create({ organizationId: "org_1", samlOptions: { idpMetadataUrl: undefined }, oidcOptions: undefined }),
  connections.create({
    organizationId: "org_1",
    oidcOptions: { discoveryEndpoint: "", clientId: "", clientSecret: undefined, redirectUri: undefined }
  }),
  Stream.runDrain(
    connections.stream({ order: undefined, after: undefined, pageSize: undefined, connectionType: undefined })
  ),
  Stream.runDrain(
    connections.list.encoded.pages({ order: undefined, after: undefined, pageSize: undefined, domain: undefined })
  ),
  Stream.runDrain(
    events.follow({ after: undefined, since: undefined, events: undefined, pageSize: undefined, interval: undefined })
  ),
  portal.generateLink({ organization: "org_1", intent: undefined, returnUrl: undefined, itContactEmails: undefined }),
  sso.profileAndToken({ clientId, code: Redacted.make("code"), codeVerifier: undefined }),
  Effect.fromResult(
    sso.authorizationUrl({ clientId, redirectUri, provider: "GoogleOAuth", connection: undefined, state: undefined })
  ),
  sso.start({ clientId, redirectUri, organization: "org_1", loginHint: undefined, providerQueryParams: undefined }),
  Effect.fromResult(
    AuthorizationUrl.make({ clientId, redirectUri, connection: "conn_1", codeChallenge: undefined, nonce: undefined })
  ),
  SignIn.start({ clientId, redirectUri, connection: "conn_1", domainHint: undefined, prompt: undefined }, undefined)
]

const undefinedConfig = {
  baseUrl: undefined,
  rateLimit: undefined,
  maxConcurrency: undefined,
  maxResponseBytes: undefined,
  allowInsecureHttp: undefined
}

const workspace = join(import.meta.dirname, "../../..")

/** Returns the errors of the compiler in this file without `exactOptionalPropertyTypes`. */
const compilerErrors = (): ReadonlyArray<string> => {
  const { config }: { readonly config?: unknown } = ts.readConfigFile(
    join(workspace, "tsconfig.base.json"),
    ts.sys.readFile
  )
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, workspace)
  const program = ts.createProgram([import.meta.filename], {
    ...options,
    composite: false,
    incremental: false,
    noEmit: true,
    types: ["node"],
    exactOptionalPropertyTypes: false
  })
  return program
    .getSemanticDiagnostics(program.getSourceFile(import.meta.filename))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
}

describe("options that may be absent", () => {
  it.effect("Calls with options that are undefined send their requests", () =>
    Effect.gen(function* () {
      const exit = yield* runToEnd(
        withClient(
          server([{ status: 404 }]),
          (workos) => Effect.forEach(calls(workos), (call: Effect.Effect<unknown, unknown>) => Effect.result(call)),
          undefinedConfig
        )
      )
      for (const result of yield* exit) {
        if (Result.isFailure(result)) assert.notInclude(result.failure, { _tag: "InvalidRequest" })
      }
    })
  )

  it.each(isExhaustive ? [compilerErrors] : [])(
    "Options that are undefined compile without `exactOptionalPropertyTypes` too",
    { timeout: 180_000 },
    (errors) => {
      assert.deepStrictEqual(errors(), [])
    }
  )
})
