import type { SpooledHead } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";
import type { Table, Value } from "../../records/table.ts";
import { baselineOwner } from "../baseline/owner.ts";
import { findLayout } from "../baseline/rows.ts";
import type { DecodedEntry, RecordConsumer } from "../collect/consumer.ts";
import type { Layout } from "./layout.ts";
import { addToWindow, type Side, type WindowKey, type WindowMemory } from "./rows.ts";
import { noTable, rowHashes, takeTable } from "./table-profile.ts";

/** Profiles are kept of windows of five minutes. */
export const windowMs = 300_000;

export const windowOf = (at: number): number => Math.floor(at / windowMs) * windowMs;

interface Group {
  key: Omit<WindowKey, "layout">;
  models: string[];
  /** Rows of the same columns stand together. */
  tables: { table: Table; hashes: number[] }[];
}

/** What profiles need of a record. */
export interface Told extends Pick<SpooledHead, "id" | "service" | "revision" | "models" | "at"> {
  tables: Pick<DecodedRecord, Side>;
}

/** Adds what records say to the profiles of their windows. */
export function makeProfiler(): { add(tx: Db, records: Iterable<Told>): Promise<void> } {
  // A layout is named by its digest, so what is remembered stays true when a transaction fails.
  const layouts = new Map<string, Layout>();
  const memory: WindowMemory = new Map();
  return {
    async add(tx, records) {
      for (const { key, models, tables } of groupsOf(records)) {
        const { digest, layout } = await layoutFor(tx, key, models, layouts);
        const profile = noTable();
        for (const { table, hashes } of tables) takeTable(profile, layout, renamed(table, layout), hashes);
        await addToWindow(tx, { ...key, layout: digest }, profile, memory);
      }
    },
  };
}

/** Profiles what arrives. A mirror's answers went to nobody and are left out. */
export function profileRecords(): RecordConsumer {
  const profiler = makeProfiler();
  return { take: (tx, batch) => profiler.add(tx, toldOf(batch)) };
}

function* toldOf(batch: readonly DecodedEntry[]): Iterable<Told> {
  for (const { head, decoded } of batch) {
    if (!head.kept || head.mirrored === true) continue;
    const { id, service, revision, models, at } = head;
    yield { id, service, revision, models, at, tables: decoded() };
  }
}

const remembered = 100;

async function layoutFor(tx: Db, { service, side }: Group["key"], models: string[], known: Map<string, Layout>) {
  const found = await baselineOwner(tx, service, models, side);
  if (found === undefined) return { digest: "", layout: {} };
  const layout = known.get(found.digest) ?? (await findLayout(tx, found.owner, side)) ?? {};
  if (known.size >= remembered) known.clear();
  known.set(found.digest, layout);
  return { digest: found.digest, layout };
}

/** Columns without names of their own (`x0`, `x1`, …) are those of the baseline, one by one, when there are as many. */
function renamed(table: Table, layout: Layout): Table {
  const names = Object.keys(layout);
  if (names.length !== table.columns.length) return table;
  if (!table.columns.every((column, i) => column === `x${i}`) || table.columns.some((column) => column in layout))
    return table;
  return { columns: names, rows: table.rows };
}

function groupsOf(records: Iterable<Told>): Iterable<Group> {
  const groups = new Map<string, Group>();
  const last: Partial<Record<Side, Group>> = {};
  for (const record of records) {
    let hashes: number[] = [];
    for (const side of sides) {
      const table = record.tables[side];
      if (table === null || table.rows.length === 0) continue;
      if (hashes.length !== table.rows.length) hashes = rowHashes(record.id, table.rows.length);
      // most records are of the window of the one before
      const before = last[side];
      const group = before !== undefined && holds(before, record) ? before : groupOf(groups, record, side);
      last[side] = group;
      append(group, table, hashes);
    }
  }
  return groups.values();
}

const sides = ["inputs", "predictions"] as const;

const holds = ({ key }: Group, { service, revision, at }: Told): boolean =>
  key.service === service && key.revision === revision && key.at === windowOf(at);

function groupOf(groups: Map<string, Group>, record: Told, side: Side): Group {
  const { service, revision, models } = record;
  const at = windowOf(record.at);
  const name = `${side} ${at} ${revision} ${service}`;
  const group = groups.get(name) ?? { key: { service, revision, side, at }, models, tables: [] };
  groups.set(name, group);
  return group;
}

function append({ tables }: Group, { columns, rows }: Table, hashes: readonly number[]): void {
  const last = tables.at(-1);
  const same = last !== undefined && equal(last.table.columns, columns);
  const target: { table: { columns: readonly string[]; rows: Value[][] }; hashes: number[] } = same
    ? last
    : { table: { columns, rows: [] }, hashes: [] };
  if (!same) tables.push(target);
  for (const row of rows) target.table.rows.push(row);
  for (const hash of hashes) target.hashes.push(hash);
}

const equal = (a: readonly string[], b: readonly string[]) =>
  a === b || (a.length === b.length && a.every((name, i) => name === b[i]));
