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
}

/** What the image of a service says of them, else its newest requests. */
export async function knownColumns(db: Db, service: string): Promise<KnownColumns> {
  const of = `service ${service}`;
  const stored = await findService(db, service);
  const manifest = stored && (await findManifest(db, stored.image));
  const told = manifest && knownInputs(manifest);
  if (told != null) return { of, names: told, byPlace: areMadeUp(told) };
  const { names, layouts } = await seenColumns(db, service, "inputs");
  // under a layout they may have its names
  return { of, names, byPlace: areMadeUp(names) || layouts.some((layout) => layout !== "") };
}

const areMadeUp = (names: readonly string[]): boolean => names.every((name, place) => name === `x${place}`);

/** A file of other columns would make every one of them look missing, and each of the requests new. Throws invalid-input. */
export function refuseOtherColumns(columns: readonly string[], { of, names, byPlace }: KnownColumns): void {
  const known = new Set(names);
  if (known.size === 0 || columns.length === 0 || columns.some((column) => known.has(column))) return;
  if (byPlace && columns.length === names.length) return;
  const shown = (all: readonly string[]) => listed(all.map((name) => name.slice(0, 100)));
  const hint = columns.length > 1 ? "" : "; CSV is read with commas, semicolons or tabs between its columns";
  throw new ModelyardError("invalid-input", {
    problems: `baseline: there is no column ${shown(columns)}; ${of} has ${shown(names)}${hint}`,
  });
}
