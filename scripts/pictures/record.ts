// Records the output of a command in a terminal, with times. Uses the pseudo-terminal of Python, because Node has none.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"

/** Text that the command wrote, `at` milliseconds after its start. */
export interface Written {
  readonly at: number
  readonly text: string
}

const terminal = `
import codecs, fcntl, json, os, pty, struct, sys, termios, time
columns, rows, *command = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    os.execvp(command[0], command)
started = time.monotonic()
decoder = codecs.getincrementaldecoder("utf-8")()
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    print(json.dumps([round((time.monotonic() - started) * 1000), decoder.decode(data)]), flush=True)
os.waitpid(pid, 0)
`

/**
 * Runs a command to the end in a terminal of this size, and returns its output.
 */
export const record = async (
  command: ReadonlyArray<string>,
  { columns, env, rows }: { readonly columns: number; readonly rows: number; readonly env: NodeJS.ProcessEnv }
): Promise<ReadonlyArray<Written>> => {
  const child = spawn("python3", ["-c", terminal, String(columns), String(rows), ...command], {
    env: { ...process.env, TERM: "xterm-256color", ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  const written: Array<Written> = []
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [at, text]: readonly [number, string] = JSON.parse(line)
    written.push({ at, text })
  })
  await once(child, "close")
  return written
}
