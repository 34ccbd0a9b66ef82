import process from "node:process";

/** Where text goes. */
export interface Sink {
  /** Whether a person watches it. */
  readonly isTerminal: boolean;
  /** Writes text as it is. */
  write(text: string): void;
}

/** What a command sees of the process that runs it. */
export interface Host {
  /** The folder that relative paths start from. */
  cwd(): string;
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** Data: what another program may read. */
  readonly out: Sink;
  /** Progress, warnings and errors. */
  readonly err: Sink;
  /** Waits until all that was written has left. */
  flush(): Promise<void>;
}

/** The part of a stream of the process that a sink needs. */
interface Stream {
  readonly isTTY?: boolean;
  write(text: string, done: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** The present process. Reads nothing of it before it is asked, so that `--help` needs no permission. */
export function processHost(): Host {
  const pending = new Set<Promise<void>>();
  const sink = (stream: Stream): Sink => {
    let listening = false;
    return {
      get isTerminal() {
        return stream.isTTY === true;
      },
      write(text) {
        if (!listening) {
          listening = true;
          // a reader such as `head` may leave early, which is its right
          stream.on("error", (error) => {
            if ((error as { code?: string }).code !== "EPIPE") throw error;
          });
        }
        const done = new Promise<void>((resolve) => stream.write(text, () => resolve()));
        pending.add(done);
        void done.then(() => pending.delete(done));
      },
    };
  };
  return {
    cwd: () => process.cwd(),
    env: (name) => process.env[name],
    out: sink(process.stdout),
    err: sink(process.stderr),
    async flush() {
      await Promise.all(pending);
    },
  };
}
