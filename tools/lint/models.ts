import { isLibrary } from "../ranks.ts";
import { projectPath } from "./source.ts";

/** Whether a class extends a model, view or manager, made by a call or named so. */
function isModelBase(base: Deno.lint.Node | null): boolean {
  if (base === null) return false;
  if (base.type === "Identifier") return /(?:Model|Base)$/.test(base.name);
  return base.type === "CallExpression" && base.callee.type === "Identifier" &&
    /^(?:model|view|manager)$/.test(base.callee.name);
}

/**
 * A model's field is `declare name: T`.
 *
 * `name!: T` makes an own property that is undefined on every runtime and hides the loaded value.
 */
export const declareFields: Deno.lint.Rule = {
  create(context) {
    // the library defines no models: what ends in Base there is another base
    if (isLibrary(projectPath(context.filename))) return {};
    return {
      PropertyDefinition(node) {
        if (node.declare || node.static || (node.value ?? null) !== null) return;
        const holder: Deno.lint.Node = node.parent.parent;
        if (holder.type !== "ClassDeclaration" && holder.type !== "ClassExpression") return;
        if (!isModelBase(holder.superClass)) return;
        context.report({
          node,
          message: "A bare field of a model hides the loaded value",
          hint: "Write `declare name: T`",
          fix: (fixer) => fixer.insertTextBefore(node, "declare "),
        });
      },
    };
  },
};
