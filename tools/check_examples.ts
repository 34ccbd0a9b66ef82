/**
 * Checks that what the exports offer has an example: each function, class and constant but errors.
 *
 * `deno test --doc` runs the examples; those that say `ignore` have their reason here.
 *
 * Usage: `deno run -A tools/check_examples.ts`
 */
import { offered } from "./examples.ts";
import { conclude, packageConfig, readProject } from "./project.ts";

/** What an example cannot have where it is run, by the name of what it shows. */
const CANNOT_RUN: ReadonlyMap<string, string> = new Map([
  ["redisStore", "needs a server of Redis, and the package that speaks with it"],
]);

/** A driver over a package of the caller's needs that package, and what it connects to. */
const isDriver = (file: string): boolean => file.startsWith("src/drivers/");

const doors = Object.values(packageConfig().exports).filter((path) => path !== "./bin.ts")
  .map((path) => path.replace(/^\.\//, ""));
const all = offered(doors, readProject);
const having = (example: string): string[] =>
  all.filter((one) => one.example === example).map(({ name }) => name);

const ignored = having("ignored");
const unexplained = all.filter(({ example, name, file }) =>
  example === "ignored" && !CANNOT_RUN.has(name) && !isDriver(file)
);
const findings = [
  ...all.filter(({ example }) => example === "none")
    .map(({ name, file }) => `${file}: ${name} has no example`),
  ...unexplained.map(({ name }) => `the example of ${name} is not run, and nothing says why`),
  ...[...CANNOT_RUN.keys()].filter((name) => !ignored.includes(name))
    .map((name) => `the example of ${name} runs, and a reason stands for why it cannot`),
];
console.log(
  `examples: ${having("runs").length} that run, ${ignored.length} that cannot, ` +
    `${having("none").length} missing; ${having("error").length} errors need none`,
);
conclude("examples", findings);
