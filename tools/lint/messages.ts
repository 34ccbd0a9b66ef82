import { isLibrary } from "../ranks.ts";
import { projectPath, withoutCasts } from "./source.ts";

/** Names that hold what a user sent to the database, or how to get in. */
const SECRET = /^(?:params?|values?|rows?|passwords?|url|dsn|connectionString)$/i;

/** Functions that hand their argument's text on. */
const HANDS_ON = /^(?:String|stringify|toString|join|inspect)$/;

/** The name of the secret that an expression would print; undefined where it prints none. */
function leak(expression: Deno.lint.Node): string | undefined {
  const node = withoutCasts(expression);
  switch (node.type) {
    case "Identifier":
      return SECRET.test(node.name) ? node.name : undefined;
    case "MemberExpression": {
      if (node.computed) return leak(node.object);
      return node.property.type === "Identifier" ? leak(node.property) : undefined;
    }
    case "CallExpression": {
      const callee = node.callee.type === "MemberExpression" ? node.callee.property : node.callee;
      if (callee.type !== "Identifier" || !HANDS_ON.test(callee.name)) return undefined;
      const inner: Deno.lint.Node[] = [...node.arguments];
      if (node.callee.type === "MemberExpression") inner.push(node.callee.object);
      return inner.map(leak).find((name) => name !== undefined);
    }
    case "TemplateLiteral":
      return node.expressions.map(leak).find((name) => name !== undefined);
    case "BinaryExpression":
      return leak(node.left) ?? leak(node.right);
    case "ConditionalExpression":
      return leak(node.consequent) ?? leak(node.alternate);
    default:
      return undefined;
  }
}

/** An error's message and hint hold no bound value, row, URL or password. */
export const noValuesInMessages: Deno.lint.Rule = {
  create(context) {
    if (!isLibrary(projectPath(context.filename))) return {};
    const look = (node: Deno.lint.Node): void => {
      const name = leak(node);
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
