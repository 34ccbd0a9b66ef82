import type { Names } from "../name/names.ts";
import type { Settings } from "../options.ts";
import type { TypeTable } from "../sources/named_types.ts";
import type { ModelRelations } from "./relations.ts";
import type { Source } from "../sources/source.ts";

/** Everything that emitters of one run share. */
export interface Context {
  readonly settings: Settings;
  readonly sources: readonly Source[];
  readonly names: Names;
  readonly types: TypeTable;
  readonly relations: ReadonlyMap<string, ModelRelations>;
}
