/** Generates models into a folder of their own and imports them, for tests. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadFormatter } from "../../generator/emit/format.ts";
import { type GenerationPlan, planGeneration } from "../../generator/generate.ts";
import type { PlanGenerationOptions } from "../../generator/generate.ts";
import { introspect } from "../../generator/introspect/introspect.ts";
import { applyPlan, readOutput } from "../../generator/io.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Driver } from "../../src/driver/port.ts";

/** The library as generated files of a test import it. */
export const LIBRARY: string = new URL("../../mod.ts", import.meta.url).href;

/** A folder that is removed on dispose. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes an empty folder outside the project. */
export async function emptyFolder(): Promise<Folder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "matrx-orm-generate-")));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Runs several commands, one after the other, on a connection that is not used again. */
export async function runScript(driver: Driver, script: string): Promise<void> {
  const connection = await driver.acquire();
  try {
    await connection.script(script);
  } finally {
    // a dump leaves its settings behind; the embedded database has one connection for all
    connection.release({ broken: driver.capabilities.concurrentConnections });
  }
}

/** Reads a database after running a script on it. */
export async function catalogAfter(driver: Driver, script: string): Promise<Catalog> {
  await runScript(driver, script);
  return (await introspect(driver)).catalog;
}

/** Generates models of a catalog into a folder, as the command does. */
export async function generateInto(
  folder: string,
  catalog: Catalog,
  options: PlanGenerationOptions = {},
): Promise<GenerationPlan> {
  const plan = planGeneration(
    catalog,
    { importFrom: LIBRARY, ...options },
    readOutput(folder),
    await loadFormatter(),
  );
  applyPlan(plan, folder);
  return plan;
}

/** Imports one file of a generated folder. */
// deno-lint-ignore no-explicit-any -- what a generated file exports is known to its test alone
export async function importFrom(folder: string, file = "mod.ts"): Promise<any> {
  return await import(pathToFileURL(join(folder, file)).href);
}

/** The files of a plan with one action. */
export function pathsWith(plan: GenerationPlan, action: string): string[] {
  return plan.files.filter((file) => file.action === action).map((file) => file.path);
}
