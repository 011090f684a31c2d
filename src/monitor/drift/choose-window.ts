import type { Db } from "../../kernel/db.ts";
import { selectWindows } from "../profile/rows.ts";

const hour = 3_600_000;
const day = 24 * hour;
const lengths = [hour, 6 * hour, day, 7 * day];
const enoughRows = 200;

/** The shortest window that has enough rows at the traffic of the last week, or since there is any. */
export async function chooseWindow(db: Db, service: string, until: number): Promise<number> {
  const stored = await selectWindows(db, { service, from: until - 7 * day, to: until, side: "inputs" });
  const rows = stored.reduce((sum, window) => sum + window.rows, 0);
  const span = until - (stored[0]?.at ?? until);
  return (
    lengths.find((length) => (rows * length) / Math.max(span, length) >= enoughRows) ?? (rows > 0 ? 7 * day : hour)
  );
}

/** A length as `--window` takes it. */
export function windowText(ms: number): string {
  if (ms % day === 0) return `${ms / day}d`;
  return ms % hour === 0 ? `${ms / hour}h` : `${ms / 60_000}m`;
}
