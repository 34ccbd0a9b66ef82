import type { ModelMeta } from "./meta.ts";

// one for the module: a class that is declared belongs to the program, not to a database
const declared: WeakRef<ModelMeta>[] = [];

/** Notes the declaration of a model. */
export function declareModel(meta: ModelMeta): void {
  declared.push(new WeakRef(meta));
}

/** How many models were declared up to now. */
export function declaredCount(): number {
  return declared.length;
}

/** The models of this program, but for those that nobody can use any more. */
export function declaredModels(): ModelMeta[] {
  return declared.flatMap((one) => one.deref() ?? []);
}
