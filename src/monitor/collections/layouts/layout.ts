import type { Table } from "../../../records/table.ts";

/** A record of a request that was answered with predictions, as columns. */
export interface LayoutRecord {
  id: string;
  /** What the client calls it; else the id. */
  correlationId: string;
  service: string;
  revision: number;
  /** `name:version` of the first model; null when the image has none. */
  model: { name: string; version: string } | null;
  at: Date;
  inputs: Table | null;
  predictions: Table | null;
}

/** Lines for a file of a layout. */
export interface FilePart {
  /** Below the folder of the export. */
  path: string;
  /** First line of the file, with its end; '' for none. Lines under another one get a file of their own. */
  head: string;
  /** With their ends. */
  lines: string;
}

/** Where a record stands in a layout of files; nothing when it has no place there. */
export type Layout = (record: LayoutRecord) => FilePart[];

/** A part of a path made of a name that somebody else chose. */
export const folderOf = (name: string): string =>
  name.replace(/[\\/]|\p{Cc}/gu, "_").replace(/^\.+$/, (dots) => "_".repeat(dots.length)) || "_";

/** `2026/11/26` of a time in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10).replaceAll("-", "/");
