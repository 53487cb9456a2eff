// Files whose operations tests observe or replace.
import * as FileSystem from "effect/FileSystem"

/**
 * A file with some operations replaced. The others go to the original file.
 */
export const withOperations = (file: FileSystem.File, operations: Partial<FileSystem.File>): FileSystem.File => ({
  [FileSystem.FileTypeId]: FileSystem.FileTypeId,
  stat: file.stat,
  seek: (offset, from) => file.seek(offset, from),
  sync: file.sync,
  read: (buffer, options) => file.read(buffer, options),
  readAlloc: (size, options) => file.readAlloc(size, options),
  truncate: (length) => file.truncate(length),
  write: (buffer) => file.write(buffer),
  writeAll: (buffer) => file.writeAll(buffer),
  ...operations
})
