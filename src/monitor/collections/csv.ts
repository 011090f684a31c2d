import { stringify } from "csv-stringify/sync";

/**
 * Rows as lines of CSV: numbers as they are, nothing for null. Texts that a spreadsheet would run as a formula are quoted with an
 * apostrophe.
 */
export const csvLines = (rows: readonly (readonly unknown[])[]): Buffer =>
  Buffer.from(
    stringify(
      rows.map((row) => [...row]),
      {
        escape_formulas: true,
        cast: { boolean: String, number: (value) => ({ value: String(value), escape_formulas: false }) },
      },
    ),
  );
