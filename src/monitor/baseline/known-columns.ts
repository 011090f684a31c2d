import { ModelyardError } from "../../contract/errors.ts";
import type { Db } from "../../kernel/db.ts";
import { findManifest } from "../../use/image/rows.ts";
import { knownInputs, listed } from "../../use/record-rules.ts";
import { findService } from "../../use/rows.ts";
import { seenColumns } from "../profile/seen-columns.ts";

/** The columns that requests have. */
export interface KnownColumns {
  /** Whose they are, as a message calls it. */
  of: string;
  /** Empty: any may come. */
  names: readonly string[];
  /** Whether requests may name none: those take the names of a baseline with as many columns. */
  byPlace: boolean;
  /** Whether no others can come, as an image or a signature says; of requests that were seen, others may follow. */
  areAll: boolean;
}

/** What the image of a service says of them, else its newest requests. */
export async function knownColumns(db: Db, service: string): Promise<KnownColumns> {
  const of = `service ${service}`;
  const stored = await findService(db, service);
  const manifest = stored && (await findManifest(db, stored.image));
  const told = manifest && knownInputs(manifest);
  if (told != null) return { of, names: told, byPlace: areMadeUp(told), areAll: true };
  const { names, layouts } = await seenColumns(db, service, "inputs");
  // under a layout they may have its names
  const byPlace = areMadeUp(names) || layouts.some((layout) => layout !== "");
  return { of, names, byPlace, areAll: false };
}

const areMadeUp = (names: readonly string[]): boolean => names.every((name, place) => name === `x${place}`);

/** Throws invalid-input for a target that requests have: it would look missing from them for ever, and answers be compared with it. Made-up names say nothing of a file's own. */
export function refuseInputAsTarget(
  target: string | null,
  columns: readonly string[],
  { of, names, byPlace, areAll }: KnownColumns,
): void {
  if (target === null || !areAll || byPlace || !names.includes(target)) return;
  const others = columns.filter((column) => !names.includes(column));
  const fix = others.length === 0 ? "; the file has none, so name no target" : `: ${listed(others)}?`;
  throw new ModelyardError("invalid-input", {
    problems: `baseline: the target ${target} is an input of ${of}; the target is the column with what the model predicts${fix}`,
  });
}

/**
 * The columns of a file that no request can have, as the target where nobody named it: each would look missing for ever. Throws invalid-input
 * when the file has others alone: every one would look missing then, and each of the requests new.
 */
export function foreignColumns(columns: readonly string[], { of, names, byPlace, areAll }: KnownColumns): string[] {
  const known = new Set(names);
  if (known.size === 0 || columns.length === 0) return [];
  const foreign = columns.filter((column) => !known.has(column));
  if (foreign.length < columns.length) return areAll ? foreign : [];
  if (byPlace && columns.length === names.length) return [];
  const shown = (all: readonly string[]) => listed(all.map((name) => name.slice(0, 100)));
  throw new ModelyardError("invalid-input", {
    problems: `baseline: there is no column ${shown(columns)}; ${of} has ${shown(names)}${separatorHint(columns)}`,
  });
}

/** What stands behind the only column of a file, which may be all of them in one. */
export const separatorHint = ({ length }: readonly string[]): string =>
  length > 1 ? "" : "; CSV is read with commas, semicolons or tabs between its columns";
