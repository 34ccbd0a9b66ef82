/** What a run hands to the next one, and what became of what the last one handed over. */
import type { Context } from "./emit/context.ts";
import type { Manifest, Memory, Scope } from "./manifest.ts";
import { type PreviousModel, relationId } from "./name/previous.ts";
import { keyOf } from "./sources/source.ts";

/** A name that code may use and that is another one since this run. */
export interface Renamed {
  /** The schema of the table. */
  readonly schema: string;
  /** The table or view. */
  readonly table: string;
  /** Whether it is the class or a relation of it. */
  readonly what: "class" | "relation";
  /** The name of the last run. */
  readonly from: string;
  /** The present name. */
  readonly to: string;
}

/** What the next run needs to know of this one. */
export function memoryOf(context: Context, scope: Scope | undefined): Memory {
  return {
    scope: scope === undefined ? null : {
      schemas: scope.schemas.toSorted(),
      include: scope.include?.toSorted() ?? null,
      exclude: scope.exclude?.toSorted() ?? null,
    },
    casing: context.settings.casing,
    models: context.sources.map(({ object }): PreviousModel => {
      const { className, file } = context.names.models.get(keyOf(object))!;
      const { foreignKeys, inverses, manyToMany } = context.relations.get(keyOf(object))!;
      const relations = new Map<string, string>();
      for (const one of foreignKeys) {
        if (!one.isColumn) relations.set(relationId("key", one.constraint), one.property);
      }
      for (const { of, property } of inverses) {
        relations.set(relationId("inverse", of.constraint), property);
      }
      for (const { near, property } of manyToMany) {
        relations.set(relationId("through", near), property);
      }
      return { schema: object.schema, name: object.name, className, file, relations };
    }),
  };
}

/** Lists the names that changed since the last run; none when the casing did, as all change then. */
export function renamedSince(before: Manifest, after: Memory): Renamed[] {
  const now = new Map(after.models.map((model) => [keyOf(model), model]));
  return before.models.flatMap((had) => {
    const model = now.get(keyOf(had));
    if (model === undefined) return [];
    const at = { schema: had.schema, table: had.name };
    const renamed: Renamed[] = had.className === model.className
      ? []
      : [{ ...at, what: "class", from: had.className, to: model.className }];
    if (before.casing !== after.casing) return renamed;
    for (const [id, from] of had.relations) {
      const to = model.relations.get(id);
      if (to !== undefined && to !== from) renamed.push({ ...at, what: "relation", from, to });
    }
    return renamed;
  });
}
