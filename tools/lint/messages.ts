import { isLibrary } from "../ranks.ts";
import { projectPath, withoutCasts } from "./source.ts";

/** Names that hold how to get in. */
const ACCESS = /^(?:passwords?|url|dsn|connectionString)$/i;

/** Names that hold what a user sends to the database; on the command line a value is a flag's. */
const DATA = /^(?:params?|values?|rows?)$/i;

/** Functions that hand their argument's text on. */
const HANDS_ON = /^(?:String|stringify|toString|join|inspect)$/;

type IsSecret = (name: string) => boolean;

/** The name of the secret that an expression would print; undefined where it prints none. */
function leak(expression: Deno.lint.Node, isSecret: IsSecret): string | undefined {
  const node = withoutCasts(expression);
  const inside = (part: Deno.lint.Node): string | undefined => leak(part, isSecret);
  switch (node.type) {
    case "Identifier":
      return isSecret(node.name) ? node.name : undefined;
    case "MemberExpression": {
      if (node.computed) return inside(node.object);
      return node.property.type === "Identifier" ? inside(node.property) : undefined;
    }
    case "CallExpression": {
      const callee = node.callee.type === "MemberExpression" ? node.callee.property : node.callee;
      if (callee.type !== "Identifier" || !HANDS_ON.test(callee.name)) return undefined;
      const inner: Deno.lint.Node[] = [...node.arguments];
      if (node.callee.type === "MemberExpression") inner.push(node.callee.object);
      return inner.map(inside).find((name) => name !== undefined);
    }
    case "TemplateLiteral":
      return node.expressions.map(inside).find((name) => name !== undefined);
    case "BinaryExpression":
      return inside(node.left) ?? inside(node.right);
    case "ConditionalExpression":
      return inside(node.consequent) ?? inside(node.alternate);
    default:
      return undefined;
  }
}

/** An error's message and hint hold no bound value, row, URL or password. */
export const noValuesInMessages: Deno.lint.Rule = {
  create(context) {
    const file = projectPath(context.filename);
    if (!isLibrary(file)) return {};
    const isSecret: IsSecret = (name) =>
      ACCESS.test(name) || !file.startsWith("cli/") && DATA.test(name);
    const look = (node: Deno.lint.Node): void => {
      const name = leak(node, isSecret);
      if (name === undefined) return;
      context.report({ node, message: `\`${name}\` would enter an error's text`, hint: "Name it" });
    };
    return {
      NewExpression(node) {
        if (node.callee.type !== "Identifier" || !/Error$/.test(node.callee.name)) return;
        const [message, options] = node.arguments;
        if (message !== undefined) look(message);
        if (options?.type !== "ObjectExpression") return;
        for (const property of options.properties) {
          if (property.type !== "Property" || property.key.type !== "Identifier") continue;
          if (/^(?:hint|message)$/.test(property.key.name)) look(property.value);
        }
      },
    };
  },
};

/** What the library throws is an error with a code. */
export const codedErrors: Deno.lint.Rule = {
  create(context) {
    if (!isLibrary(projectPath(context.filename))) return {};
    return {
      ThrowStatement(node) {
        const thrown: Deno.lint.Node = node.argument;
        if (thrown.type !== "NewExpression" || thrown.callee.type !== "Identifier") return;
        if (!/^(?:Error|TypeError|RangeError|SyntaxError)$/.test(thrown.callee.name)) return;
        context.report({
          node,
          message: `A bare ${thrown.callee.name} has no code and no hint`,
          hint: "Throw a subclass of OrmError",
        });
      },
    };
  },
};
