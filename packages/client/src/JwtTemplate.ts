/**
 * The client service of the JWT template.
 *
 * @module
 */
import { jwtTemplate } from "@effect-workos/domain/user-management/JwtTemplate"
import * as Client from "./Client.ts"

/**
 * The client of the JWT template, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Adding a claim to access tokens)
 *
 * ```ts
 * import { JwtTemplate } from "@effect-workos/client/JwtTemplate"
 * import * as Effect from "effect/Effect"
 *
 * const addEmail = Effect.gen(function* () {
 *   const jwtTemplate = yield* JwtTemplate
 *   yield* jwtTemplate.update({ content: '{ "urn:app:email": "{{ user.email }}" }' })
 * })
 * ```
 *
 * @see https://workos.com/docs/authkit/jwt-templates
 */
export class JwtTemplate extends Client.Service<JwtTemplate>()("@effect-workos/client/JwtTemplate", jwtTemplate) {}
