/** Writes the generated class of a manager, formatted: there is much of it. */
import type { ManagerNames } from "../name/names.ts";
import { keyOf, primaryKeyOf, type Source } from "../sources/source.ts";
import type { Context } from "./context.ts";
import { Imports } from "./imports.ts";
import { type ManagerMethod, managerMethods } from "./manager_methods.ts";
import { header } from "./model_file.ts";

/** The longest line that a formatter leaves as it is. */
const WIDTH = 80;

/** Writes the generated file of one manager. */
export function managerFile(source: Source, names: ManagerNames, context: Context): string {
  const { className, file } = context.names.models.get(keyOf(source.object))!;
  const { manager, view, viewFile, managerFile } = names;
  const types = {
    item: `${manager}Item`,
    key: `${manager}Key`,
    list: `${manager}List`,
    shape: `${manager}Shape`,
  };
  const imports = new Imports(
    context.settings.importFrom,
    (name) => context.names.classes.has(name),
  );
  imports.from(`../${file}.ts`, className, "value");
  imports.from(`../${viewFile}.ts`, view, "value");
  const methods = managerMethods(source, context, {
    ...types,
    model: className,
    view,
    library: (name) => imports.type(name),
    classOf: (target) => {
      const found = context.names.models.get(keyOf(target.object))!;
      return imports.from(`../${found.file}.ts`, found.className, "type");
    },
  });
  const text = methods.map(methodText).join("\n");
  const used = (name: string) => text.includes(name);
  const alias = (name: string, doc: string, type: () => string) =>
    used(name) ? `/** ${doc} */\nexport type ${name} = ${type()};\n` : "";
  const hasKey = primaryKeyOf(source) !== undefined;
  const shapeOf = () => `${imports.type("ShapeOf")}<${className}>`;
  const aliases = [
    alias(
      types.item,
      "A row as the manager gives it.",
      () => `${imports.type("ShapedBy")}<${className}, typeof ${view}>`,
    ),
    hasKey
      ? alias(types.key, "What finds one row.", () => `${imports.type("ManagerKey")}<${className}>`)
      : "",
    used(types.list) || used(types.shape)
      ? `/** The columns and relations. */\nexport type ${types.shape} = ${shapeOf()};\n`
      : "",
    alias(
      types.list,
      "Options of a list.",
      () => `${imports.type("ListOptions")}<${types.shape}, typeof ${view}>`,
    ),
  ].join("");
  const isTable = source.object.kind === "table";
  const call = `${imports.value("manager")}(${className}, {\n  view: ${view},\n})`;
  const base = `${manager}Source`;
  const head = context.settings.explicit
    ? `const ${base}: ${
      imports.type(isTable ? "ManagerClass" : "ReadManagerClass")
    }<\n  ${className},\n  typeof ${view}\n> = ${call};\n\n`
    : "";
  const parent = context.settings.explicit ? base : call;
  const body = text === "" ? "{}\n" : `{\n${text}}\n`;
  return `${header(`../${managerFile}.ts`)}${wrapped(String(imports))}\n\n${aliases}\n${head}` +
    `/** The manager of \`${className}\`. */\nexport class ${manager}Base extends ${parent} ${body}`;
}

function methodText({ name, doc, parameters, result, body }: ManagerMethod): string {
  const lines = parameters.map(([parameter, type]) =>
    // a rest parameter takes no comma after it
    `    ${parameter}: ${type}${parameter.startsWith("...") ? "" : ","}\n`
  );
  return `  /** ${doc} */\n  ${name}(\n${lines.join("")}  ): Promise<${result}> {\n` +
    `    return ${broken(body)};\n  }\n`;
}

/** A call over several lines where one is too short for it. */
function broken(body: string): string {
  if (`    return ${body};`.length <= WIDTH) return body;
  const [call, ...then] = body.split(".then(");
  const head = /^([\w.]+)(?:<(.*?)>)?\((.*)\)$/.exec(call!);
  // a `.then()` on a line of its own leaves more room
  if (head === null || (then.length > 0 && `    return ${call}`.length <= WIDTH)) {
    return [call, ...then].join("\n      .then(");
  }
  return [brokenCall(head[1]!, head[2], head[3]!), ...then].join("\n      .then(");
}

function brokenCall(name: string, types: string | undefined, values: string): string {
  const lines = (list: string, comma: string): string =>
    list.split(", ").map((one) => `      ${one}`).join(",\n") + `${comma}\n`;
  const open = types === undefined ? name : `${name}<${types}>`;
  if (types === undefined || `    return ${open}(`.length <= WIDTH) {
    return `${open}(\n${lines(values, ",")}    )`;
  }
  const head = `${name}<\n${lines(types, "")}    >(`;
  return `    >(${values});`.length <= WIDTH
    ? `${head}${values})`
    : `${head}\n${lines(values, ",")}    )`;
}

/** Import statements, those that are too long with a line for each name. */
function wrapped(imports: string): string {
  return imports.split("\n").map((line) => {
    const found = line.length <= WIDTH ? null : /^import \{ (.*) \} from (.*)$/.exec(line);
    if (found === null) return line;
    return `import {\n${found[1]!.split(", ").map((name) => `  ${name},\n`).join("")}} from ${
      found[2]
    }`;
  }).join("\n");
}
