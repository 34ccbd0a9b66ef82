import { noCompiledText, noUsing, webStandards } from "./lint/globals.ts";
import { exports, imports } from "./lint/imports.ts";
import { codedErrors, noValuesInMessages } from "./lint/messages.ts";
import { declareFields } from "./lint/models.ts";

/** The project's own lint rules; `deno lint` loads them through deno.json. */
const plugin: Deno.lint.Plugin = {
  name: "matrx",
  rules: {
    "coded-errors": codedErrors,
    "declare-fields": declareFields,
    "exports": exports,
    "imports": imports,
    "no-compiled-text": noCompiledText,
    "no-using": noUsing,
    "no-values-in-messages": noValuesInMessages,
    "web-standards": webStandards,
  },
};

export default plugin;
