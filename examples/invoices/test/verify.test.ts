// Runs the program that verifies a server.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, it } from "@effect/vitest"
import * as Process from "@effect-workos/testing/Process"
import { isExhaustive } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { broken, layerRoutes } from "../src/server.ts"

// Two pages, with the wrong total.
const few = broken.slice(60, 85)

const folder = Process.folder("invoices-")

// The program consists of a few calls that other tests check without a process.
it.live.runIf(isExhaustive)("`verify.ts` fails for a faulty server, prints the failure, and writes a report", () =>
  Effect.gen(function* () {
    const cwd = yield* folder
    const url = yield* HttpServer.addressFormattedWith(Effect.succeed)
    const { code, output } = yield* Effect.callback<{ readonly code: number | null; readonly output: string }>(
      (resume) => {
        const child = execFile(
          process.execPath,
          [fileURLToPath(new URL("../src/verify.ts", import.meta.url))],
          { cwd, env: { PATH: process.env["PATH"], INVOICES_URL: url } },
          (_, stdout, stderr) => resume(Effect.succeed({ code: child.exitCode, output: stdout + stderr }))
        )
        return Effect.sync(() => child.kill("SIGKILL"))
      }
    )
    assert.strictEqual(code, 1, output)
    assert.match(output, /^inv_000050 has a total that is not the sum of its lines$/m)
    assert.include(readFileSync(join(cwd, "contract.html"), "utf8"), "invoices/total")
  }).pipe(
    Effect.scoped,
    Effect.provide(
      HttpRouter.serve(layerRoutes(few), { disableListenLog: true, disableLogger: true }).pipe(
        Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
      )
    )
  )
)
