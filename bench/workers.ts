import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ScenarioName } from "./scenarios.ts";

/** What a measurement took, in ms. */
export interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

/**
 * While the others have their turns, V8 drops the code of functions that do not run; a server that is busy
 * keeps it. Measured without this flag, what was compiled last is fast, whichever library it is of.
 */
const KEEPS_CODE = "--v8-flags=--no-flush-bytecode";

/** A candidate's process, seen from outside. */
export class Worker {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts a candidate's process, with more flags for Deno, and waits until it is connected. */
  static async start(name: string, url: string, flags: readonly string[]): Promise<Worker> {
    const file = fileURLToPath(new URL("worker.ts", import.meta.url));
    const child = spawn(process.execPath, [
      ...["run", "--no-config", "--node-modules-dir=manual", "-A", "--quiet"],
      ...[KEEPS_CODE, ...flags, file, name, url],
    ], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    const worker = new Worker(name, child);
    await worker.#answer();
    return worker;
  }

  /** Runs an operation once; gives a digest of its result. */
  async check(scenario: ScenarioName): Promise<{ digest: string; sample: string }> {
    return await this.#ask({ check: scenario }) as { digest: string; sample: string };
  }

  /** Runs an operation some times. */
  async measure(scenario: ScenarioName, times: number, turn: number): Promise<Taken> {
    return await this.#ask({ measure: scenario, times, turn }) as Taken;
  }

  /** Lets it disconnect and end. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin!.end(`${JSON.stringify({ close: true })}\n`);
    await ended;
  }

  async #ask(command: object): Promise<unknown> {
    this.#child.stdin!.write(`${JSON.stringify(command)}\n`);
    const answer = await this.#answer() as { failed?: string };
    if (answer.failed !== undefined) {
      throw new Error(`${this.#name} ${JSON.stringify(command)}: ${answer.failed}`);
    }
    return answer;
  }

  async #answer(): Promise<unknown> {
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done === true) throw new Error(`${this.#name} ended`);
      // libraries may print lines of their own
      if (value.startsWith("@")) return JSON.parse(value.slice(1));
      console.error(`${this.#name}: ${value}`);
    }
  }
}
