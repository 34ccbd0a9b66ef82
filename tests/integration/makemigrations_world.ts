import {
  makemigrations,
  type MakeMigrationsOptions,
  type MakeMigrationsResult,
} from "../../migrations/mod.ts";
import type { MigrationWorld } from "./migrate_world.ts";

/** What written migrations import the library by. */
export const importFrom: string = new URL("../../migrations/mod.ts", import.meta.url).href;

/** Makes a migration from models alone, with a shadow on the world's own server. */
export function make(
  world: MigrationWorld,
  models: readonly unknown[],
  more: MakeMigrationsOptions = {},
): Promise<MakeMigrationsResult> {
  return makemigrations({
    ...world.at,
    models,
    objects: [],
    importFrom,
    // a database on a server is there sooner than an embedded one
    shadow: world.db.url,
    ...more,
  });
}
