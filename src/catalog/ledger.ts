/** The table in which migrations are written down; no model stands for it. */
export const LEDGER_TABLE = "_matrx_migrations";
