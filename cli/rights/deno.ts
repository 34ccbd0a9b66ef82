/** The sandbox of Deno: this program once more, with the flags of the rights that it needs. */
import process from "node:process";
import { flagsOf } from "./flags.ts";
import { giveBack, type Kind, maySpawn, wholeKinds } from "./held.ts";
import type { Call, Sandbox } from "./outer.ts";
import type { Rights } from "./rights.ts";
import { keptFlags, runtimeEnvironment, selfWord } from "./self.ts";

/** Holds a call of a process that has more rights than any command needs; undefined = it has not. */
export function denoSandbox(call: Call): Sandbox | undefined {
  const whole = wholeKinds();
  if (whole.length === 0) return undefined;
  if (!maySpawn()) {
    dropRights(call, whole);
    return undefined;
  }
  const self = Deno.mainModule;
  const start = (rights: Rights, env: Readonly<Record<string, string>>) => ({
    args: ["run", ...keptFlags(), ...flagsOf(rights), selfWord(self)],
    clearEnv: true,
    env: { ...runtimeEnvironment(), ...env },
  });
  return {
    self,
    async collect(rights, env) {
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        ...start(rights, env),
        stdin: "null",
        stdout: "piped",
        stderr: "inherit",
      }).output();
      return new TextDecoder().decode(stdout);
    },
    async replace(rights, env) {
      const child = new Deno.Command(Deno.execPath(), {
        ...start(rights, env),
        stdin: "inherit",
        stdout: "inherit",
        stderr: "inherit",
      }).spawn();
      const stopForwarding = forwardSignals((signal) => child.kill(signal));
      const { code, signal } = await child.status;
      stopForwarding();
      // whoever waits for this process learns that a signal ended the work
      if (signal !== null) Deno.kill(Deno.pid, signal);
      return code;
    },
  };
}

/** Signals that ask a process to end. */
const SIGNALS: readonly Deno.Signal[] = process.platform === "win32"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** Sends the signals of this process on; gives the function that ends it. */
function forwardSignals(send: (signal: Deno.Signal) => void): () => void {
  // what is typed on a terminal reaches every process there by itself
  const typed = new Set<Deno.Signal>(Deno.stdin.isTerminal() ? ["SIGINT", "SIGQUIT"] : []);
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      if (!typed.has(signal)) trySend(signal);
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  const trySend = (signal: Deno.Signal): void => {
    try {
      send(signal);
    } catch {
      // it has just ended
    }
  };
  return () => listeners.forEach((remove) => remove());
}

/** Gives back what the command does not need at all, and tells what stays. */
function dropRights({ command, output }: Call, whole: readonly Kind[]): void {
  const { permissions } = command;
  const needed = new Set<Kind>(["read", "env"]);
  if (permissions.net.length > 0) needed.add("net");
  if (permissions.write.length > 0) needed.add("write");
  giveBack(whole.filter((kind) => !needed.has(kind)));
  const left = whole.filter((kind) => needed.has(kind));
  if (left.length === 0) return;
  output.warning(
    `User code runs with the rights of this process (${
      left.join(", ")
    }): without the right to run ` +
      `deno they cannot be narrowed; matrx permissions ${command.name} prints those that are enough`,
  );
}
