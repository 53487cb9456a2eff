// Serves the invoices API on a socket. With `broken`, one invoice has a wrong total.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"
import { broken, layerRoutes, samples } from "./server.ts"

const invoices = process.argv.includes("broken") ? broken : samples

HttpRouter.serve(layerRoutes(invoices), { disableLogger: true }).pipe(
  Layer.provide(NodeHttpServer.layer(createServer, { port: 4300, host: "127.0.0.1" })),
  Layer.launch,
  NodeRuntime.runMain
)
