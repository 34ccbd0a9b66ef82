#!/usr/bin/env node
/**
 * The command line of the package, for Node and Bun: `npx matrx generate --help`.
 *
 * @module
 */
import process from "node:process";
import { mainOfProcess } from "./cli/start.ts";

export { ALL } from "./cli/all.ts";

process.exitCode = await mainOfProcess(process.argv.slice(2));
