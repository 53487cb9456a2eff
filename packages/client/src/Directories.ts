// The client service of directories.
import { directories } from "@effect-workos/domain/directory-sync/Directory"
import * as Client from "./Client.ts"

/** Directories, for programs that use no other resource. `WorkOs` contains all resources. */
export class Directories extends Client.Service<Directories>()("@effect-workos/client/Directories", directories) {}
