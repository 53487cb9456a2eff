// Options that may be `undefined`, as programs with and without `exactOptionalPropertyTypes` type them.
import ts from "typescript-api"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

const workspace = join(import.meta.dirname, "../../..")

const source = `
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import type * as resources from "@effect-workos/domain/resources"
import * as Redacted from "effect/Redacted"
import * as AuthorizationUrl from "../src/AuthorizationUrl.ts"
import type * as Client from "../src/Client.ts"
import * as SignIn from "../src/SignIn.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"

type OptionalKey<O> = { [K in keyof O]-?: {} extends Pick<O, K> ? K : never }[keyof O]
type Exact<O> = { readonly [K in OptionalKey<O>]: undefined } extends Pick<O, OptionalKey<O>> ? never : O
type ExactEndpoints<E> = { [Name in keyof E]: E[Name] extends Endpoint.Endpoint ? Exact<Client.OptionsOf<E[Name]>> : never }[keyof E]

/** The options that have a key which may be absent, but not \`undefined\`. */
type ExactOptions = { [Name in keyof typeof resources]: ExactEndpoints<(typeof resources)[Name]["endpoints"]> }[keyof typeof resources]

export const none = (options: ExactOptions): never => options

const clientId = "client_01HZBC6N1EB1ZY7KG32X"
const redirectUri = "https://your-app.com/callback"

export const program = ({ connections, events, organizations, portal, sso }: WorkOs["Service"]) => [
  organizations.create({ name: "x", externalId: undefined, metadata: undefined, domainData: undefined }),
  organizations.update("org_1", { name: undefined, externalId: null, stripeCustomerId: undefined }),
  organizations.list({ domains: undefined, search: undefined, limit: undefined, order: undefined }),
  connections.create({ organizationId: "org_1", samlOptions: { idpMetadataUrl: undefined }, oidcOptions: undefined }),
  connections.create({
    organizationId: "org_1",
    oidcOptions: { discoveryEndpoint: "", clientId: "", clientSecret: undefined, redirectUri: undefined }
  }),
  connections.stream({ order: undefined, after: undefined, pageSize: undefined, connectionType: undefined }),
  connections.list.encoded.pages({ order: undefined, after: undefined, pageSize: undefined, domain: undefined }),
  events.follow({ after: undefined, since: undefined, events: undefined, pageSize: undefined, interval: undefined }),
  portal.generateLink({ organization: "org_1", intent: undefined, returnUrl: undefined, itContactEmails: undefined }),
  sso.profileAndToken({ clientId, code: Redacted.make("code"), codeVerifier: undefined }),
  sso.authorizationUrl({ clientId, redirectUri, provider: "GoogleOAuth", connection: undefined, state: undefined }),
  sso.start({ clientId, redirectUri, organization: "org_1", loginHint: undefined, providerQueryParams: undefined }),
  AuthorizationUrl.make({ clientId, redirectUri, connection: "conn_1", codeChallenge: undefined, nonce: undefined }),
  SignIn.start({ clientId, redirectUri, connection: "conn_1", domainHint: undefined, prompt: undefined }, undefined),
  WorkOsConfig.layer({
    apiKey: Redacted.make("sk_1"),
    baseUrl: undefined,
    rateLimit: undefined,
    maxConcurrency: undefined,
    maxResponseBytes: undefined,
    allowInsecureHttp: undefined
  })
]
`

// The program is not on disk.
const file = join(import.meta.dirname, "optional.ts")

const { config }: { readonly config?: unknown } = ts.readConfigFile(
  join(workspace, "tsconfig.base.json"),
  ts.sys.readFile
)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, workspace)

const problemsOf = (exactOptionalPropertyTypes: boolean): ReadonlyArray<string> => {
  const settings = {
    ...options,
    composite: false,
    incremental: false,
    noEmit: true,
    types: ["node"],
    exactOptionalPropertyTypes
  }
  const host = ts.createCompilerHost(settings)
  const program = ts.createProgram([file], settings, {
    ...host,
    fileExists: (path) => path === file || host.fileExists(path),
    readFile: (path) => (path === file ? source : host.readFile(path)),
    getSourceFile: (path, target) =>
      path === file ? ts.createSourceFile(path, source, target) : host.getSourceFile(path, target)
  })
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
}

describe("every option that may be absent", { timeout: 180_000 }, () => {
  it.each([true, false])("may be undefined with exactOptionalPropertyTypes %s", (exactOptionalPropertyTypes) => {
    assert.deepStrictEqual(problemsOf(exactOptionalPropertyTypes), [])
  })
})
