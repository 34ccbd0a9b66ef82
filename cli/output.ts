import { OrmError } from "../src/errors/base.ts";
import type { Host, Sink } from "./host.ts";

/** How much a command prints. */
export interface OutputMode {
  /** Print the result as JSON. */
  readonly json: boolean;
  /** Print nothing but errors. */
  readonly quiet: boolean;
  /** Print the stack of an error. */
  readonly verbose: boolean;
}

/** Prints what a command has to say: results on standard output, all else on standard error. */
export class Output {
  readonly #host: Host;
  readonly #mode: OutputMode;

  /** Pairs a process with the mode that its options ask for. */
  constructor(host: Host, mode: OutputMode) {
    this.#host = host;
    this.#mode = mode;
  }

  /** Whether a result may be coloured: a person reads it, and wants it so. */
  get colours(): boolean {
    return !this.#mode.json && this.#colours(this.#host.out);
  }

  /** Prints the result: as JSON, or as lines for a person. */
  result(data: unknown, lines: readonly string[]): void {
    if (this.#mode.json) this.#host.out.write(`${JSON.stringify(data, null, 2)}\n`);
    else if (!this.#mode.quiet) this.#host.out.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Prints what is being done; on a terminal only. */
  progress(line: string): void {
    if (this.#mode.quiet || this.#mode.json || !this.#host.err.isTerminal) return;
    this.#host.err.write(`${this.#paint("2", line)}\n`);
  }

  /** Whether lines for a person are printed. */
  get speaks(): boolean {
    return !this.#mode.quiet && !this.#mode.json;
  }

  /** Prints what the reader should know though the command went well. */
  warning(line: string): void {
    if (this.#mode.quiet || this.#mode.json) return;
    this.#host.err.write(`${this.#paint("33", "warning")} ${line}\n`);
  }

  /** Prints why the command failed, what to do, and the error's code. */
  error(error: unknown): void {
    if (this.#mode.json) {
      const data = error instanceof OrmError ? error.toJSON() : plain(error);
      this.#host.out.write(`${JSON.stringify({ error: data }, null, 2)}\n`);
      return;
    }
    const lines = [`${this.#paint("31", "error")} ${messageOf(error)}`];
    if (error instanceof OrmError) {
      if (error.hint !== undefined) lines.push(`  ${error.hint}`);
      if (/\bsee the cause\b/i.test(error.hint ?? "") && error.cause !== undefined) {
        lines.push(`  cause: ${messageOf(error.cause).split("\n", 1)[0]}`);
      }
      lines.push(this.#paint("2", `  code: ${error.code}`));
    }
    if (this.#mode.verbose && error instanceof Error) lines.push(...stacksOf(error));
    else if (!(error instanceof OrmError)) lines.push("  Give --verbose to see where it happened");
    this.#host.err.write(lines.map((line) => `${line}\n`).join(""));
  }

  #paint(colour: string, text: string): string {
    if (!this.#colours(this.#host.err)) return text;
    return `\u001b[${colour}m${text}\u001b[0m`;
  }

  #colours({ isTerminal }: Sink): boolean {
    const { env } = this.#host;
    return isTerminal && (env("NO_COLOR") ?? "") === "" && env("TERM") !== "dumb";
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function plain(error: unknown): Record<string, unknown> {
  return {
    name: error instanceof Error ? error.name : "Error",
    code: null,
    message: messageOf(error),
    hint: null,
    context: {},
  };
}

function stacksOf(error: Error): string[] {
  const lines = (error.stack ?? "").split("\n").slice(1);
  const { cause } = error;
  if (!(cause instanceof Error)) return lines;
  return [...lines, `  caused by ${cause.name}: ${cause.message}`, ...stacksOf(cause)];
}
