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
  /** Whether a person can be asked: both ends are a terminal. */
  readonly canAsk: boolean;
  /** Asks a person and gives the answer; an empty one where there is none. */
  ask(question: string): Promise<string>;
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
    get canAsk() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    async ask(question) {
      const { createInterface } = await import("node:readline/promises");
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      // the end of the input is an answer too
      const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
      try {
        return await Promise.race([lines.question(question), ended]);
      } finally {
        lines.close();
      }
    },
    out: sink(process.stdout),
    err: sink(process.stderr),
    async flush() {
      await Promise.all(pending);
    },
  };
}
