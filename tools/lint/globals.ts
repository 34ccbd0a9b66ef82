import { HOST_FILE, isLibrary, isWalled } from "../ranks.ts";
import { literalText, projectPath, withoutCasts } from "./source.ts";

/** What one runtime or the browser's page has and another has not. */
const HOST_GLOBALS: ReadonlySet<string> = new Set([
  ...["Deno", "Bun", "process", "Buffer", "setImmediate", "clearImmediate", "require"],
  ...["__dirname", "__filename", "global", "window", "document", "localStorage", "sessionStorage"],
]);

/** Calls that Workers refuse while a module is loaded. */
const AT_LOAD = /^(?:setTimeout|setInterval|queueMicrotask|fetch)$/;
const RANDOM = new Map([["Math", "random"], ["crypto", "randomUUID"], ["Date", "now"]]);

/** Whether an identifier reads a variable, and is no key, label, type name or declaration. */
function isRead(node: Deno.lint.Identifier): boolean {
  const parent: Deno.lint.Node = node.parent;
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent.computed || "value" in parent && parent.value === node;
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "TSQualifiedName":
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "LabeledStatement":
      return false;
    default:
      return true;
  }
}

/** Collects the names that a file declares itself, so that its own `window()` is not the page's. */
function declares(node: Deno.lint.Identifier): boolean {
  const parent: Deno.lint.Node = node.parent;
  switch (parent.type) {
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return parent.local === node || "imported" in parent && parent.imported === node;
    case "VariableDeclarator":
    case "ClassDeclaration":
      return parent.id === node;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return parent.body?.range[0] !== node.range[0];
    case "Property":
      return parent.parent.type === "ObjectPattern";
    default:
      return false;
  }
}

function insideFunction(node: Deno.lint.Node): boolean {
  let at: Deno.lint.Node | null = node;
  while (at !== null) {
    if (/Function|MethodDefinition|PropertyDefinition/.test(at.type)) return true;
    at = "parent" in at ? at.parent as Deno.lint.Node : null;
  }
  return false;
}

/** The engine names no global of one runtime, compiles no text and does nothing while it loads. */
export const webStandards: Deno.lint.Rule = {
  create(context) {
    const file = projectPath(context.filename);
    if (!isWalled(file)) return {};
    const own = new Set<string>();
    const reads: Deno.lint.Identifier[] = [];
    return {
      Identifier(node) {
        if (!HOST_GLOBALS.has(node.name)) return;
        if (declares(node)) own.add(node.name);
        else if (isRead(node)) reads.push(node);
      },
      MemberExpression(node) {
        const object = withoutCasts(node.object);
        if (object.type !== "Identifier" || object.name !== "globalThis") return;
        const name = node.property.type === "Identifier" && !node.computed
          ? node.property.name
          : literalText(node.property);
        if (name === undefined || !HOST_GLOBALS.has(name) || file === HOST_FILE) return;
        context.report({
          node,
          message: `globalThis.${name} belongs to one runtime`,
          hint: `Ask ${HOST_FILE}`,
        });
      },
      "Program:exit"() {
        for (const node of reads.filter((read) => !own.has(read.name))) {
          context.report({ node, message: `${node.name} belongs to one runtime` });
        }
      },
      CallExpression(node) {
        if (insideFunction(node)) return;
        const callee = node.callee;
        const called = callee.type === "Identifier"
          ? AT_LOAD.test(callee.name)
          : callee.type === "MemberExpression" && callee.object.type === "Identifier" &&
            callee.property.type === "Identifier" &&
            RANDOM.get(callee.object.name) === callee.property.name;
        if (called) {
          context.report({ node, message: "Workers refuse timers, I/O and chance at load" });
        }
      },
    };
  },
};

/** No file of the library makes code from text. */
export const noCompiledText: Deno.lint.Rule = {
  create(context) {
    if (!isLibrary(projectPath(context.filename))) return {};
    const message = "Code made from text: edge runtimes forbid it, and a name would become code";
    return {
      CallExpression(node) {
        if (node.callee.type !== "Identifier") return;
        if (/^(?:eval|Function)$/.test(node.callee.name)) context.report({ node, message });
      },
      NewExpression(node) {
        if (node.callee.type !== "Identifier" || node.callee.name !== "Function") return;
        context.report({ node, message });
      },
    };
  },
};

/** No `using` in what is published: Node 20 and 22 cannot parse it. */
export const noUsing: Deno.lint.Rule = {
  create(context) {
    if (!isLibrary(projectPath(context.filename))) return {};
    return {
      VariableDeclaration(node) {
        if (!node.kind.endsWith("using")) return;
        context.report({ node, message: `\`${node.kind}\` does not parse on Node 20 and 22` });
      },
    };
  },
};
