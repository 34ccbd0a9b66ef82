/** The sandbox of Node: this program once more, under its permission model. Other runtimes have none. */
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { configPath } from "../config_file.ts";
import type { Call, Sandbox } from "./outer.ts";
import type { Rights } from "./rights.ts";
import { runtimeEnvironment } from "./self.ts";

/** The first major version whose permission model is no experiment. */
const FIRST = 24;

/** Holds a call where the runtime can, and tells what it cannot; undefined = it goes on as it is. */
export function nodeSandbox(call: Call): Sandbox | undefined {
  const { permission, versions } = process as typeof process & { readonly permission?: unknown };
  // it was started with the flags of the permission model
  if (permission !== undefined) return undefined;
  const program = process.argv[1];
  const major = Number(versions.node.split(".")[0]);
  const fits = versions.bun === undefined && major >= FIRST && process.execArgv.length === 0 &&
    program !== undefined && existsSync(program);
  tell(call, fits);
  if (!fits) return undefined;
  const self = realpathSync(program);
  const start = (rights: Rights, env: Readonly<Record<string, string>>) =>
    [
      process.execPath,
      [...flagsOf(rights, dirname(self), call.host.cwd()), self],
      // what is not named must not be there at all: Node hides no variable
      { ...runtimeEnvironment(), ...env },
    ] as const;
  return {
    self: pathToFileURL(self).href,
    collect(rights, env) {
      const [node, args, given] = start(rights, env);
      const child = spawn(node, args, { env: given, stdio: ["ignore", "pipe", "inherit"] });
      return new Promise((resolve, reject) => {
        let printed = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => printed += text);
        child.on("error", reject).on("close", () => resolve(printed));
      });
    },
    replace(rights, env) {
      const [node, args, given] = start(rights, env);
      const child = spawn(node, args, { env: given, stdio: "inherit" });
      const typed = process.stdin.isTTY === true ? ["SIGINT"] : [];
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        // what is typed on a terminal reaches every process there by itself
        process.on(signal, () => void (typed.includes(signal) || child.kill(signal)));
      }
      return new Promise((resolve, reject) => {
        child.on("error", reject).on("close", (code, signal) => {
          if (signal === null) return resolve(code ?? 1);
          process.removeAllListeners(signal);
          process.kill(process.pid, signal);
        });
      });
    },
  };
}

/** Says once what holds code of the project back, where there is any. */
function tell({ command, values, host, output }: Call, fits: boolean): void {
  const modules = command.permissions.read.some((place) =>
    place === "migrations" || place === "models"
  );
  const config = configPath(host.cwd(), values.text("config"));
  if (!modules && config === undefined) return;
  output.warning(
    fits
      ? "Node does not limit connections: code of the project may reach any host"
      : "This runtime has no sandbox: code of the project runs with all rights of this account",
  );
}

/** The flags of Node that grant rights; hosts cannot be named. */
function flagsOf(rights: Rights, program: string, cwd: string): string[] {
  // packages, and what says how modules are found
  const found = [program, ...upwards(cwd), ...upwards(program)].flatMap((folder) => [
    join(folder, "node_modules"),
    join(folder, "package.json"),
  ]);
  const read = [...rights.read, program, ...found.filter((path) => existsSync(path))];
  return [
    "--permission",
    ...[...new Set(read)].flatMap(inside).map((path) => `--allow-fs-read=${path}`),
    ...rights.write.flatMap(inside).map((path) => `--allow-fs-write=${path}`),
  ];
}

/** A path, and what is in it: of one that is not there Node does not know that it will be a folder. */
function inside(path: string): string[] {
  return existsSync(path) ? [path] : [path, join(path, "*")];
}

function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
