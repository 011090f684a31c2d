import type { FiledRecord } from "./file-columns.ts";

/** What may be in memory on its way to files: bytes of bodies and answers, and values of typed columns. */
const mostBytes = 32 << 20;
const mostValues = 4_000_000;

/** Records of one revision and day (UTC, `2026-11-26`). */
export interface Part {
  service: string;
  revision: number;
  day: string;
  records: FiledRecord[];
}

/** Gathers records that go to files, one for each service, revision and day. */
export function gatherParts() {
  let parts = new Map<string, Part>();
  let [bytes, values] = [0, 0];
  return {
    add(filed: FiledRecord): void {
      const { service, revision, at, body, answer } = filed.record;
      const day = new Date(at).toISOString().slice(0, 10);
      const key = `${service}/${revision}/${day}`;
      const part = parts.get(key);
      if (part === undefined) parts.set(key, { service, revision, day, records: [filed] });
      else part.records.push(filed);
      bytes += body.length + answer.length;
      values += valuesIn(filed);
    },
    /** Whether it is time to take them. */
    isFull: () => bytes > mostBytes || values > mostValues,
    take(): Part[] {
      const taken = [...parts.values()];
      parts = new Map();
      [bytes, values] = [0, 0];
      return taken;
    },
  };
}

/** Where the file of a part belongs. */
export function pathOfPart({ service, revision, day, records }: Part): string {
  const { sequence } = (records[0] as FiledRecord).record;
  return `${service}/${revision}/${day}/${String(sequence).padStart(12, "0")}.parquet`;
}

/** Values of a record in a file: its rows have the head again each. */
function valuesIn({ decoded: { inputs, predictions } }: FiledRecord): number {
  const rows = Math.max(1, inputs?.rows.length ?? 0, predictions?.rows.length ?? 0);
  return rows * (25 + (inputs?.columns.length ?? 0) + (predictions?.columns.length ?? 0));
}
