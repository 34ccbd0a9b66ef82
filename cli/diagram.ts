import { writeFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { diagram, type DiagramFormat } from "../generator/diagram/diagram.ts";
import type { ShownColumns } from "../generator/diagram/entities.ts";
import { readDatabase } from "../generator/run.ts";
import { filterTables } from "../src/catalog/filter.ts";
import { closeAll, registerDatabase } from "../src/connect.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import type { CommandContext } from "./commands.ts";
import { loadConfig } from "./config_file.ts";
import { chooseDatabase } from "./databases.ts";
import { refuseNewDatabase } from "./embedded.ts";
import { EXIT, UsageError } from "./errors.ts";
import { filtersOf, refuseBothFilters } from "./filters.ts";
import type { OptionValues } from "./options.ts";

/** The formats by the ending of the file. */
const BY_ENDING: Readonly<Record<string, DiagramFormat>> = {
  ".html": "html",
  ".htm": "html",
  ".svg": "svg",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
};

/** The name of the output that is standard output. */
const STANDARD = "-";

/** Reads a database and draws its tables: `matrx diagram`. */
export async function runDiagram({ values, output, host }: CommandContext): Promise<number> {
  refuseBothFilters(values);
  const out = values.text("out") ?? "diagram.html";
  const format = formatOf(values.text("format"), out);
  const loaded = await loadConfig(host.cwd(), values.text("config"));
  const chosen = chooseDatabase(values.text("database"), loaded.config, host);
  const { generate = {} } = loaded.config;
  await refuseNewDatabase(chosen.database);
  registerDatabase(chosen.database);
  try {
    const read = await readDatabase({
      database: chosen.database.name,
      schema: values.list("schema") ?? generate.schema,
      onProgress: ({ phase }) => output.progress(phase === "connect" ? "Connecting" : "Reading"),
    });
    const { includeTables, excludeTables } = filtersOf(values, generate);
    const catalog = filterTables(read.catalog, { include: includeTables, exclude: excludeTables });
    output.progress("Drawing");
    const drawn = await diagram(catalog, {
      format,
      title: values.text("title") ?? read.schemas.join(", "),
      columns: columnsOf(values),
      views: values.flag("views"),
    });
    const { text, ...counts } = drawn;
    if (out === STANDARD) {
      host.out.write(text);
      return EXIT.done;
    }
    await write(resolve(host.cwd(), out), text);
    output.result({ file: out, format, ...counts }, [
      `${out}: ${counts.tables} tables, ${counts.foreignKeys} foreign keys`,
    ]);
    return EXIT.done;
  } finally {
    await closeAll();
  }
}

function formatOf(given: string | undefined, out: string): DiagramFormat {
  // the option's choices were checked when it was read
  if (given !== undefined) return given as DiagramFormat;
  if (out === STANDARD) return "mermaid";
  const known = BY_ENDING[extname(out).toLowerCase()];
  if (known !== undefined) return known;
  throw new UsageError(
    `The name ${JSON.stringify(out)} does not say the format of the diagram`,
    "End it in .html, .svg or .mmd, or give --format",
  );
}

function columnsOf(values: OptionValues): ShownColumns | undefined {
  return values.text("columns") as ShownColumns | undefined;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new ConfigurationError(`Cannot write the diagram to ${file}`, {
      code: "unwritable_output",
      hint: "Name a file in a folder that exists and that you may write to; see the cause",
      context: { file },
      cause,
    });
  }
}
