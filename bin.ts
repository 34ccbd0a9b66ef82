#!/usr/bin/env node
/**
 * The command line of the package, for Node and Bun: `npx matrx generate --help`.
 *
 * @module
 */
import process from "node:process";
import { main } from "./cli/main.ts";

process.exitCode = await main(process.argv.slice(2));
