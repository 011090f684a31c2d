import type { FieldRule } from "../../contract/record-rules.ts";
import type { Table, Value } from "../table.ts";
import { type Redact, redactBy } from "./field-rules.ts";

/** The rules of a service, ready for use. */
export interface Redactor {
  /** How a column is written; undefined: as it is. */
  of(column: string): Redact | undefined;
  /**
   * Whether the rules can find their columns in rows that nothing but the rows themselves describes. Rows without names against rules by name,
   * and the other way round: nobody knows which value is meant. Rules that find theirs in the answers do not count.
   */
  canTell(inputs: Table, answers?: Table | null): boolean;
}

const numbered = /^x\d+$/;
/** Columns of answers as they are called where nothing names them (decode-record.ts). */
const ofAnswers = /^(prediction|score)(\.\d+)?$/;

/** The redactor of a service's rules, or null when one of them needs the key and there is none. */
export function makeRedactor(fields: Readonly<Record<string, FieldRule>>, key: Buffer | null): Redactor | null {
  const rules = new Map<string, Redact>();
  for (const [column, rule] of Object.entries(fields)) {
    const redact = redactBy(rule, key);
    if (redact === undefined) return null;
    rules.set(column, redact);
  }
  const ofInputs = [...rules.keys()].filter((column) => !ofAnswers.test(column));
  return {
    // a rule for `embedding` is one for `embedding.0`, `embedding.1`, …
    of: (column) => rules.get(column) ?? rules.get(column.replace(/\.\d+$/, "")),
    canTell: (inputs, answers) => {
      const sought = ofInputs.filter((column) => answers?.columns.includes(column) !== true);
      if (sought.length === 0) return true;
      const isNumbered = inputs.columns.every((column, place) => column === `x${place}`);
      return sought.some((column) => numbered.test(column) === isNumbered);
    },
  };
}

/** The same rows and columns; only the columns with a rule have other values. */
export function redactTable({ columns, rows }: Table, redactor: Pick<Redactor, "of">): Table {
  const rules = columns.map(redactor.of);
  const redacted = (value: Value, place: number) => {
    const redact = rules[place];
    return redact === undefined ? value : redact(value);
  };
  return { columns, rows: rows.map((row) => row.map(redacted)) };
}
