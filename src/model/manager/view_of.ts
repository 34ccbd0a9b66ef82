import { ConfigurationError } from "../../errors/base.ts";
import type { ModelRef } from "../../schema/meta.ts";
import type { ViewRef } from "../view/recipe.ts";
import { viewRef } from "../view/view.ts";

/**
 * The view that a manager or a call of it names; null for none.
 *
 * @throws {ConfigurationError} it is no view, or one of another model
 */
export function viewOf({ meta }: ModelRef, view: unknown): ViewRef | null {
  if (view === undefined || view === null) return null;
  const ref = viewRef(view);
  if (ref?.recipe.model.meta === meta) return ref;
  throw new ConfigurationError(
    `The manager of ${meta.label} is given ${
      ref === undefined ? "something for a view" : `${ref.name}, a view of another model`
    }`,
    {
      code: "invalid_manager",
      hint: "Give a class that extends view() of the same model, or null",
      context: { model: meta.label },
    },
  );
}
