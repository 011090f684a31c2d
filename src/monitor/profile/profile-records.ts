import type { SpooledHead } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";
import type { Table } from "../../records/table.ts";
import { baselineOwner } from "../baseline/owner.ts";
import { findLayout } from "../baseline/rows.ts";
import type { DecodedEntry, RecordConsumer } from "../collect/consumer.ts";
import type { Layout } from "./layout.ts";
import { mergeSomeParts } from "./merge-parts.ts";
import { appendRows, noRows, type RowBlock } from "./row-block.ts";
import { type HashLimit, noHashLimit } from "./row-sample.ts";
import { addToWindow, type Side, type WindowKey } from "./rows.ts";
import { noTable, rowHashes, type TableProfile, takeBlock } from "./table-profile.ts";
import { windowOf } from "./window.ts";
import { withTopClass } from "./with-top-class.ts";

interface Group {
  key: Omit<WindowKey, "layout">;
  models: string[];
  /** Rows of the same columns stand together. */
  blocks: RowBlock[];
}

/** What profiles need of a record. */
export interface Told extends Pick<SpooledHead, "id" | "service" | "revision" | "models" | "at"> {
  tables: Pick<DecodedRecord, Side>;
}

/** What rows of one window come to. */
export interface CountedRows {
  key: WindowKey;
  profile: TableProfile;
}

export interface Profiler {
  gather(): { add(record: Told): void; finish(db: Db): Promise<CountedRows[]> };
  write(tx: Db, counted: readonly CountedRows[]): Promise<void>;
}

/** Adds what records say to the profiles of their windows. They are counted by the layout that holds when a batch is finished. */
export function makeProfiler(): Profiler {
  // A layout is named by its digest, so what is remembered stays true when a transaction fails.
  const layouts = new Map<string, Layout>();
  const limits = rememberLimits();
  const count = async (db: Db, { key, models, blocks }: Group): Promise<CountedRows> => {
    const { digest, layout } = await layoutFor(db, key, models, layouts);
    const window = { ...key, layout: digest };
    const known = limits.of(JSON.stringify(Object.values(window)));
    const profile = noTable(known.limit);
    const told = key.side === "predictions" ? await withTopClass(db, models, blocks) : blocks;
    for (const block of told) takeBlock(profile, layout, { ...block, columns: renamed(block.columns, layout) });
    known.add(profile.sample);
    return { key: window, profile };
  };
  return {
    gather: () => {
      const { add, groups } = makeGroups();
      const finish = async (db: Db) => {
        const counted = [];
        for (const group of groups()) counted.push(await count(db, group));
        return counted;
      };
      return { add, finish };
    },
    write: async (tx, counted) => {
      for (const { key, profile } of counted) await addToWindow(tx, key, profile);
      await mergeSomeParts(
        tx,
        counted.map(({ key }) => key),
      );
    },
  };
}

/** Profiles what arrives. */
export function profileRecords(): RecordConsumer<CountedRows[]> {
  const { gather, write } = makeProfiler();
  return {
    gather: () => {
      const { add, finish } = gather();
      return { add: (entry) => void (isCounted(entry) && add(toldOf(entry))), finish };
    },
    write,
  };
}

/** A mirror's answers went to nobody, and what is kept besides the sample would stand for more requests than there are of its kind. */
const isCounted = ({ head }: DecodedEntry): boolean => head.kept && head.mirrored !== true && head.outOfSample !== true;

// without a spread, which copies a member at a time: it is done for every record
const toldOf = ({ head: { id, service, revision, models, at }, decoded }: DecodedEntry): Told => ({
  id,
  service,
  revision,
  models,
  at,
  tables: decoded(),
});

const remembered = 100;

/** Of windows that rows come to: most rows are in no sample, and their values need not be gathered for one. */
function rememberLimits(): { of(window: string): HashLimit } {
  const limits = new Map<string, HashLimit>();
  return {
    of: (window) => {
      const limit = limits.get(window) ?? noHashLimit();
      limits.delete(window);
      limits.set(window, limit);
      if (limits.size > remembered) limits.delete(limits.keys().next().value as string);
      return limit;
    },
  };
}

async function layoutFor(db: Db, { service, side }: Group["key"], models: string[], known: Map<string, Layout>) {
  const found = await baselineOwner(db, service, models, side);
  if (found === undefined) return { digest: "", layout: {} };
  const layout = known.get(found.digest) ?? (await findLayout(db, found.owner, side)) ?? {};
  if (known.size >= remembered) known.clear();
  known.set(found.digest, layout);
  return { digest: found.digest, layout };
}

/** Columns without names of their own (`x0`, `x1`, …) are those of the baseline, one by one, when there are as many. */
export function renamed(columns: readonly string[], layout: Layout): readonly string[] {
  const names = Object.keys(layout);
  if (names.length !== columns.length) return columns;
  if (!columns.every((column, i) => column === `x${i}`) || columns.some((column) => column in layout)) return columns;
  return names;
}

function makeGroups(): { add(record: Told): void; groups(): Iterable<Group> } {
  const groups = new Map<string, Group>();
  const last: Partial<Record<Side, Group>> = {};
  return {
    add: (record) => {
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
    },
    groups: () => groups.values(),
  };
}

const sides = ["inputs", "predictions"] as const;

const holds = ({ key }: Group, { service, revision, at }: Told): boolean =>
  key.service === service && key.revision === revision && key.at === windowOf(at);

function groupOf(groups: Map<string, Group>, record: Told, side: Side): Group {
  const { service, revision, models } = record;
  const at = windowOf(record.at);
  const name = `${side} ${at} ${revision} ${service}`;
  const group = groups.get(name) ?? { key: { service, revision, side, at }, models, blocks: [] };
  groups.set(name, group);
  return group;
}

function append({ blocks }: Group, { columns, rows }: Table, hashes: readonly number[]): void {
  let block = blocks.at(-1);
  if (block === undefined || !equal(block.columns, columns)) {
    block = noRows(columns);
    blocks.push(block);
  }
  appendRows(block, rows, hashes);
}

const equal = (a: readonly string[], b: readonly string[]) =>
  a === b || (a.length === b.length && a.every((name, i) => name === b[i]));
