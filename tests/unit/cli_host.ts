import type { Host, Sink } from "../../cli/host.ts";

/** A process that keeps what is printed. */
export interface FakeHost extends Host {
  /** All that went to standard output. */
  readonly printed: () => string;
  /** All that went to standard error. */
  readonly told: () => string;
}

/** Makes a process for one call of `main()`. */
export function fakeHost(
  how: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly terminal?: boolean;
    /** What a person answers to each question; without it nobody can be asked. */
    readonly answer?: (question: string) => string;
  } = {},
): FakeHost {
  const texts = { out: "", err: "" };
  const sink = (name: "out" | "err"): Sink => ({
    isTerminal: how.terminal ?? false,
    write(text) {
      texts[name] += text;
    },
  });
  return {
    cwd: () => how.cwd ?? "/nowhere",
    env: (name) => how.env?.[name],
    out: sink("out"),
    err: sink("err"),
    canAsk: how.answer !== undefined,
    ask(question) {
      texts.err += `${question}\n`;
      return Promise.resolve(how.answer?.(question) ?? "");
    },
    flush: () => Promise.resolve(),
    printed: () => texts.out,
    told: () => texts.err,
  };
}
