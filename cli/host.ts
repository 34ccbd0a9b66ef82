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

/**
 * The present process. Reads nothing of it before it is asked, so that `--help` needs no permission, and
 * imports nothing: on Deno a built-in module of Node takes longer to load than a help takes to print.
 */
export function processHost(): Host {
  return "Deno" in globalThis ? denoHost() : nodeHost();
}

function denoHost(): Host {
  const sink = (stream: typeof Deno.stdout): Sink => ({
    get isTerminal() {
      return stream.isTerminal();
    },
    write(text) {
      let rest = new TextEncoder().encode(text);
      try {
        while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
      } catch (error) {
        // a reader such as `head` may leave early, which is its right
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
    },
  });
  return {
    cwd: () => Deno.cwd(),
    env(name) {
      try {
        return Deno.env.get(name);
      } catch (error) {
        if (error instanceof Deno.errors.NotCapable) return undefined;
        throw error;
      }
    },
    get canAsk() {
      return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
    },
    ask,
    out: sink(Deno.stdout),
    err: sink(Deno.stderr),
    flush: () => Promise.resolve(),
  };
}

/** The part of a stream of Node that a sink needs. */
interface Stream {
  readonly isTTY?: boolean;
  write(text: string, done: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** The part of Node's process that is used; a global on Node and Bun. */
interface NodeProcess {
  cwd(): string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: Stream;
  readonly stderr: Stream;
}

function nodeHost(): Host {
  const { process } = globalThis as unknown as { readonly process: NodeProcess };
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
    ask,
    out: sink(process.stdout),
    err: sink(process.stderr),
    async flush() {
      await Promise.all(pending);
    },
  };
}

async function ask(question: string): Promise<string> {
  const { default: process } = await import("node:process");
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // the end of the input is an answer too
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}
