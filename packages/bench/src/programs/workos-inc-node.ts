// Gets one connection with the official SDK.
import { WorkOS } from "@workos-inc/node"

export const run = () => new WorkOS("sk_test_a2V5XzEyMzQ").sso.getConnection("conn_01E4ZCR3C56J083X43JQXF3JK5")
