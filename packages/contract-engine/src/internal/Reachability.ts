// The reachability of a target, which is checked before a run.
import * as Effect from "effect/Effect"
import * as Outcome from "effect/Result"
import { describe, type Response } from "../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import * as Selection from "../Selection.ts"
import { Session } from "../Session.ts"
import { Target } from "../Target.ts"
import { TargetError } from "../TargetError.ts"
import * as ConnectionErrors from "./ConnectionErrors.ts"
import * as Probe from "./Probe.ts"

/**
 * Sends the plainest request, which every law about responses sends as well. If the server is reachable but does not
 * respond, the run continues: a law reports the missing response.
 */
export const check: Effect.Effect<void, TargetError, Session | Target> = Effect.gen(function* () {
  const { sendCached, baseUrl, credentials, description, settings } = yield* Session
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    const message = `${baseUrl} is not a valid URL of a server: it must begin with http:// or https://.`
    return yield* new TargetError({ reason: "unreachable", message })
  }
  const all = description.operations.filter(({ isSafe }) => isSafe)
  const selected = all.filter(Selection.hasOperation(settings.selection))
  const safe = selected.length > 0 ? selected : all
  const plain = safe.filter(({ params }) => params.length === 0)
  // A protected operation, if any, shows whether the server accepts the key.
  const operation = plain.find(({ access, isProtected }) => isProtected && access === "granted") ?? plain[0] ?? safe[0]
  if (operation === undefined) return
  const request = Lifecycle.unknownIdRequest(operation, description.conventions)
  const unreachable = (reason: string) =>
    new TargetError({
      reason: "unreachable",
      message: `No response from ${baseUrl}: ${reason}. Check the URL, and whether the server is running.`
    })
  const result = yield* Effect.result(sendCached(request))
  if (Outcome.isFailure(result) && result.failure.reason === "unreachable")
    return yield* unreachable(result.failure.message)
  const exchange = Outcome.getOrUndefined(result)
  const maySpeakTls = Outcome.match(result, {
    onFailure: ({ reason }) => reason === "connection-error",
    onSuccess: ({ response }) => asksForHttps(response)
  })
  if (baseUrl.startsWith("http:") && maySpeakTls) {
    const { http } = yield* Target
    if (yield* ConnectionErrors.speaksTls(http, baseUrl)) return yield* unreachable("the server speaks only https")
  }
  if (exchange?.response.status === 401) {
    const variable = credentials === undefined ? "" : ` Check ${credentials.variable}.`
    return yield* new TargetError({
      reason: "unauthorized",
      message: `${baseUrl} does not accept the key: ${describe(request)} returned 401.${variable}`
    })
  }
  if (exchange !== undefined && Probe.isAbsence(exchange.response)) {
    const missing = yield* Effect.filter(safe, Probe.isMissing)
    if (missing.length === safe.length) {
      return yield* new TargetError({
        reason: "not-implemented",
        message: `${baseUrl} implements none of the operations: ${describe(request)} returned ${exchange.response.status}. Check the URL.`
      })
    }
  }
})

// Servers respond to plain HTTP on a port for TLS with such sentences.
const asksForHttps = ({ status, text }: Response): boolean => status === 400 && /\bHTTPS\b/.test(text)
