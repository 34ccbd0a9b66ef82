import type { Catalog } from "../../src/catalog/catalog.ts";
import { namesOf } from "../name/names.ts";
import { NO_NAMES, type PreviousNames } from "../name/previous.ts";
import type { Settings } from "../options.ts";
import type { Context } from "./context.ts";
import { type EmittedFile, tableEmitters } from "./emitters.ts";
import { enumsFile, enumsOf } from "./enums_file.ts";
import { entryFile, indexFile, managersEntryFile, managersFile } from "./index_file.ts";
import { typeTableOf } from "../sources/named_types.ts";
import { relationsOf } from "./relations.ts";
import { sourcesOf } from "../sources/source.ts";
import { sharedTypesOf, typesFile } from "./types_file.ts";

/** Gathers what a catalog holds and names it; names of the last run win over new ones. */
export function contextOf(
  catalog: Catalog,
  settings: Settings,
  previous: PreviousNames = NO_NAMES,
): Context {
  const sources = sourcesOf(catalog, settings);
  const types = typeTableOf(catalog);
  const names = namesOf(types, sources, settings, previous);
  const relations = relationsOf(sources, names, settings.casing, previous);
  return { settings, sources, types, names, relations };
}

/** Writes every file of the output, unformatted; the same catalog and settings give the same text. */
export function emitFiles(context: Context): EmittedFile[] {
  const generated = (path: string, text: string): EmittedFile => ({
    path: `generated/${path}`,
    once: false,
    text,
  });
  return [
    ...context.sources.flatMap((source) =>
      tableEmitters.flatMap((emitter) => emitter(source, context))
    ),
    ...(enumsOf(context).length > 0 ? [generated("enums.ts", enumsFile(context))] : []),
    ...(sharedTypesOf(context).length > 0 ? [generated("types.ts", typesFile(context))] : []),
    generated("mod.ts", indexFile(context)),
    { path: "mod.ts", once: true, text: entryFile() },
    ...(context.names.managers.size === 0 ? [] : [
      generated("managers.ts", managersFile(context)),
      { path: "managers.ts", once: true, text: managersEntryFile() },
    ]),
  ];
}
