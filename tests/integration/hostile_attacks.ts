/** What code of a project might try, as the bodies of async functions; each gives or throws something. */

/** Where the attacks aim. */
export interface Targets {
  /** A file beside the project, with a secret in it. */
  readonly secretFile: string;
  /** A folder beside the project. */
  readonly outside: string;
  /** The port of a server that is not the database. */
  readonly otherPort: number;
}

/** The attacks by name. In each `import.meta` and dynamic imports are those of the hostile module. */
export function attacksOn({ secretFile, outside, otherPort }: Targets): Record<string, string> {
  const file = JSON.stringify(secretFile);
  const other = `http://127.0.0.1:${otherPort}`;
  return {
    "read a file": `return await Deno.readTextFile(${file})`,
    "read a file as Node does": `return (await import("node:fs")).readFileSync(${file}, "utf8")`,
    "read the environment of the process": `return await Deno.readTextFile("/proc/self/environ")`,
    "read what lies beside its folder":
      `return await Deno.readTextFile(new URL("../.env", import.meta.url))`,
    "list a folder": `return [...Deno.readDirSync(${JSON.stringify(outside)})].length`,
    "write a file": `await Deno.writeTextFile(${
      JSON.stringify(`${outside}/made`)
    }, "x"); return "made"`,
    "write a file as Node does": `(await import("node:fs")).writeFileSync(${
      JSON.stringify(`${outside}/made`)
    }, "x"); return "made"`,
    "write into its own folder":
      `await Deno.writeTextFile(new URL("./made", import.meta.url), "x"); return "made"`,
    "link to a file":
      `await Deno.symlink(${file}, new URL("./link", import.meta.url)); return "linked"`,
    "start a process": `return (await new Deno.Command("/usr/bin/id").output()).code`,
    "start a process as Node does":
      `return (await import("node:child_process")).execFileSync("/usr/bin/id").length`,
    "start Deno":
      `return (await new Deno.Command(Deno.execPath(), { args: ["eval", "1"] }).output()).code`,
    "end another process": `process.kill(process.ppid, 0); return "killed"`,
    "load a library":
      `Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } }); return "loaded"`,
    "ask the system": `return Deno.hostname()`,
    "read a variable": `return Deno.env.get("MATRX_TEST_SECRET")`,
    "read a variable as Node does": `return process.env.MATRX_TEST_SECRET`,
    "read the variable of the database":
      `return process.env.DATABASE_URL ?? Deno.env.get("DATABASE_URL")`,
    "read what was handed over": `return process.env.MATRX_HANDOVER`,
    "read all variables":
      `return JSON.stringify(Deno.env.toObject()).includes("s3cr3t") || undefined`,
    "read the words of the command line": `return Deno.args.length || undefined`,
    "connect elsewhere": `await Deno.connect({ port: ${otherPort} }); return "connected"`,
    "connect elsewhere as Node does": `const net = await import("node:net");
      return await new Promise((resolve, reject) => {
        const socket = net.connect(${otherPort}, "127.0.0.1");
        socket.on("connect", () => resolve("connected")).on("error", reject);
      })`,
    "fetch": `return (await fetch("${other}/x")).status`,
    "resolve a name": `return await Deno.resolveDns("example.com", "A")`,
    "listen": `Deno.listen({ port: 0 }); return "listens"`,
    "ask for a right": `const { state } = await Deno.permissions.request({ name: "read" });
      return state === "granted" ? state : undefined`,
    "import a text": `return (await import(${
      JSON.stringify(`file://${secretFile}`)
    }, { with: { type: "text" } })).default`,
    "import a path": `return (await import(${JSON.stringify(`${outside}/module.ts`)})).default`,
    "import from a host": `return (await import("${other}/m" + ".ts")).default`,
    "import from a host that Deno trusts":
      `return (await import("https://" + ["esm", "sh/x"].join("."))).default`,
    "import data": `return (await import("data:text/javascript,export default 1")).default`,
    "import a blob": `const made = new Blob(["export default 1"], { type: "text/javascript" });
      return (await import(URL.createObjectURL(made))).default`,
    "import a package of npm":
      `return Object.keys(await import("npm:pluralize@" + "8.0.0")).length`,
    "import a package of JSR": `return Object.keys(await import("jsr:@std/" + "path")).length`,
    "require": `const { createRequire } = await import("node:module");
      return createRequire(import.meta.url)(${JSON.stringify(`${outside}/module.cjs`)})`,
    "import a module that imports a text": `return (await import("./static_" + "text.ts")).default`,
    "import a module that imports a path": `return (await import("./static_" + "path.ts")).default`,
    "import a module that imports from a host":
      `return (await import("./static_" + "host.ts")).default`,
    "import a module that imports data": `return (await import("./static_" + "data.ts")).default`,
    "import a module that imports a package":
      `return (await import("./static_" + "npm.ts")).default`,
    "read in a worker":
      `const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      return await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => { worker.terminate(); resolve(data ?? undefined); };
        worker.onerror = (event) => { event.preventDefault(); reject(new Error(event.message)); };
      })`,
  };
}

/** Modules that lie beside a hostile one. */
export function companions({ secretFile, outside, otherPort }: Targets): Record<string, string> {
  return {
    "static_text.ts": `import text from ${
      JSON.stringify(`file://${secretFile}`)
    } with { type: "text" }; export default text;`,
    "static_path.ts": `export { default } from ${JSON.stringify(`${outside}/module.ts`)};`,
    "static_host.ts": `export { default } from "http://127.0.0.1:${otherPort}/m.ts";`,
    "static_data.ts": `export { default } from "data:text/javascript,export default 1";`,
    "static_npm.ts":
      `import * as all from "npm:pluralize@8.0.0"; export default Object.keys(all).length;`,
    "worker.ts": `let text; try { text = Deno.readTextFileSync(${
      JSON.stringify(secretFile)
    }); } catch { /* refused */ } self.postMessage(text);`,
  };
}

/** The text that runs attacks and tells of each what it gave, or that it threw. */
export function attackText(attacks: Readonly<Record<string, string>>): string {
  const bodies = Object.entries(attacks).map(([name, body]) =>
    `  ${JSON.stringify(name)}: async () => { ${body}; },\n`
  );
  return `import process from "node:process";
const attacks: Record<string, () => Promise<unknown>> = {
${bodies.join("")}};
async function attack(): Promise<string> {
  const told: Record<string, string> = {};
  for (const [name, run] of Object.entries(attacks)) {
    try {
      const got = await run();
      told[name] = got === undefined ? "refused: nothing" : "GOT " + String(got);
    } catch (error) {
      told[name] = "refused: " + String(error).split("\\n")[0].slice(0, 120);
    }
  }
  return "REPORT" + JSON.stringify(told) + "END";
}
`;
}
