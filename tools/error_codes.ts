const SNAKE = /(?<!\[)"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"/g;

/** Splits what stands between the bracket at `open` and its end at the commas of its own level. */
function argumentsAt(source: string, open: number): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, open + 1];
  for (let at = open; at < source.length; at++) {
    const char = source[at]!;
    if (char === '"' || char === "'" || char === "`") {
      for (at++; at < source.length && source[at] !== char; at++) if (source[at] === "\\") at++;
    } else if (source.startsWith("//", at)) {
      at = source.indexOf("\n", at);
      if (at < 0) break;
    } else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) {
      depth--;
      if (depth > 0) continue;
      parts.push(source.slice(from, at));
      break;
    } else if (char === "," && depth === 1) {
      parts.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Where a function takes an error's code: the place of its parameter by its name. */
export type CodeParameters = ReadonlyMap<string, number>;

/** Finds the functions of a source that take a `code: string`. */
export function codeParameters(source: string): CodeParameters {
  const found = new Map<string, number>();
  for (const match of source.matchAll(/\bfunction (\w+)(?:<[^(]*>)?\(|\bconst (\w+) = \(/g)) {
    const at = argumentsAt(source, match.index + match[0].length - 1)
      .findIndex((parameter) => /^code\??: string\b|^code = "/.test(parameter));
    if (at >= 0) found.set((match[1] ?? match[2])!, at);
  }
  return found;
}

/** Lists the error codes that a source gives, by property or through functions that take one. */
export function errorCodes(source: string, parameters: CodeParameters): Set<string> {
  const codes = new Set<string>();
  const collect = (expression: string): void => {
    for (const [, code] of expression.matchAll(SNAKE)) codes.add(code!);
  };
  for (const [, expression] of source.matchAll(/\bcode(?:: | = )((?:[^,;}\n]|\n\s*[?:])+)/g)) {
    collect(expression!);
  }
  for (const [name, at] of parameters) {
    for (const call of source.matchAll(new RegExp(`(?<!function |\\.)\\b${name}\\(`, "g"))) {
      collect(argumentsAt(source, call.index + call[0].length - 1)[at] ?? "");
    }
  }
  return codes;
}
