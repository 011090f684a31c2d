import { manyRequests } from "../../batch.ts";
import type { OnnxModel } from "./model.ts";
import type { Rows } from "./rows.ts";

/** One row that takes longer, in milliseconds, says enough: a full frame is not tried. */
const longMs = 20;

/** The first turns find cold caches and code that is not compiled yet. */
const turns = 4;

/** Numbers that a frame for measuring may have; frames of wide rows are cut by their bytes, not by their rows. */
const mostNumbers = 1 << 20;

/** A frame of so few rows keeps nobody waiting long; a fuller one has to save a tenth of the time for each row. */
const fewRows = 64;
const worth = 1.1;

/** Milliseconds of processor time for a full frame, which neighbours do not lengthen, and how many rows a frame should have. */
export interface Measured {
  batchMs: number | null;
  /** The rows of that frame. */
  batchRows?: number;
  frameRows?: number;
}

/** Lets a model run on zeros, so that nothing is slow the first time. Nothing is measured when its width is not known. */
export function warmUp(model: OnnxModel): Measured {
  const { columns } = model;
  if (columns === null) return { batchMs: null };
  timeOf(model, 1, columns);
  const one = timeOf(model, 1, columns);
  if (one > longMs) return { batchMs: one, batchRows: 1, frameRows: fewRows };
  const rows = Math.max(1, Math.min(manyRequests.rows, Math.floor(mostNumbers / Math.max(1, columns))));
  const few = Math.min(rows, fewRows);
  const fewMs = leastOf(() => timeOf(model, few, columns));
  const batchMs = leastOf(() => timeOf(model, rows, columns));
  return { batchMs, batchRows: rows, frameRows: fewMs / few <= (worth * batchMs) / rows ? few : rows };
}

function leastOf(measure: () => number): number {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) times.push(measure());
  return Math.min(...times);
}

function timeOf(model: OnnxModel, count: number, columns: number): number {
  const rows = { method: "predict", count, columns, values: plainValues(model, count, columns) } as const;
  const before = process.cpuUsage();
  model.run([rows]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Zeros; of a table, values that its columns take. */
function plainValues({ input }: OnnxModel, count: number, columns: number): Rows["values"] {
  if (input?.kind !== "table") return new Float64Array(count * columns);
  const row = input.columns.map(({ only, type }) => only?.[0] ?? (type === "text" ? "" : 0));
  return Array.from({ length: count }, () => row).flat();
}
