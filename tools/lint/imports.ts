import { isLibrary, isWalled, refusal, roomOf } from "../ranks.ts";
import { literalText, projectPath, resolvePath } from "./source.ts";

const PINNED_NPM = /^npm:(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.+-]*(?:\/.*)?$/;

/** Says what is wrong with a specifier in a file; undefined where nothing is. */
function fault(file: string, specifier: string): string | undefined {
  if (/^(?:jsr|https?|data|file):/.test(specifier)) {
    return `"${specifier}" cannot be had on every machine`;
  }
  if (specifier.startsWith("npm:") && !PINNED_NPM.test(specifier)) {
    return `"${specifier}" is not pinned to one version`;
  }
  if (!isLibrary(file)) return undefined;
  if (specifier.startsWith(".")) {
    if (!/\.(?:ts|json|sql)$/.test(specifier)) return `"${specifier}" has no file extension`;
    return refusal(file, resolvePath(file, specifier));
  }
  if (isWalled(file)) return `"${specifier}" is no file of the engine: src/ keeps to web standards`;
  if (/^(?:npm|node):/.test(specifier)) return undefined;
  return `"${specifier}" needs an import map, which a module loaded by URL has not`;
}

/** Imports follow the ranks of `tools/ranks.ts`, and name nothing that a machine may lack. */
export const imports: Deno.lint.Rule = {
  create(context) {
    const file = projectPath(context.filename);
    const look = (node: Deno.lint.Node, source: Deno.lint.Node | null | undefined): void => {
      const specifier = literalText(source);
      const message = specifier === undefined ? undefined : fault(file, specifier);
      if (message !== undefined) {
        context.report({
          node,
          message,
          hint: "The rooms and their ranks stand in tools/ranks.ts",
        });
      }
    };
    return {
      ImportDeclaration: (node) => look(node, node.source),
      ExportNamedDeclaration: (node) => look(node, node.source),
      ExportAllDeclaration: (node) => look(node, node.source),
      ImportExpression: (node) => look(node, node.source),
      TSImportType(node) {
        const argument: Deno.lint.Node = node.argument;
        look(node, argument.type === "TSLiteralType" ? argument.literal : argument);
      },
    };
  },
};

/** No default export, no `export *`, and no file inside `src/` that only hands others on. */
export const exports: Deno.lint.Rule = {
  create(context) {
    const file = projectPath(context.filename);
    if (!isLibrary(file)) return {};
    return {
      ExportDefaultDeclaration(node) {
        context.report({ node, message: "A default export has no name of its own" });
      },
      ExportAllDeclaration(node) {
        context.report({ node, message: "`export *` hides what a module offers" });
      },
      "Program:exit"(node) {
        const body = node.body as readonly Deno.lint.Statement[];
        const handsOn = body.length > 0 &&
          body.every((statement) =>
            statement.type === "ExportAllDeclaration" ||
            statement.type === "ExportNamedDeclaration" && statement.source !== null &&
              statement.source !== undefined
          );
        if (handsOn && roomOf(file).startsWith("src/")) {
          context.report({ node, message: "A barrel inside src/: import from the file itself" });
        }
      },
    };
  },
};
