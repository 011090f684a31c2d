import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { ModelyardError } from "../../contract/errors.ts";
import { syncFolder } from "../../kernel/files.ts";
import { makeReadGate } from "../../kernel/read-gate.ts";
import { makeTurns } from "../../kernel/turns.ts";
import type { FileColumn, FileRows, RecordFiles, RowGroup } from "../../monitor/ports.ts";

/** Files of Parquet with snappy in a folder: what pandas, DuckDB and Polars read as it is. */
export function parquetFolder(folder: string): RecordFiles {
  const pathOf = (path: string) => join(folder, ...path.split("/"));
  /** A folder is made and gets its file before one that became empty is removed, or after that. */
  const inTurn = makeTurns();
  const begin = (place: string) =>
    inTurn(async () => {
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      return open(place, "w", 0o600);
    });
  return {
    encode: encodeFile,
    gate: makeReadGate(),
    async write(path, columns, size) {
      const place = pathOf(path);
      const temp = `${place}.tmp`;
      const handle = await begin(temp);
      try {
        const written = await writeFile(handle, columns, size);
        await rename(temp, place);
        await syncFolder(dirname(place));
        return written;
      } catch (error) {
        await rm(temp, { force: true });
        throw error;
      }
    },
    groups: async function* (path, { lastFirst = false } = {}) {
      const place = pathOf(path);
      const handle = await open(place);
      const understood = <Result>(read: Promise<Result>): Promise<Result> =>
        read.catch((error: Error) => {
          throw new ModelyardError("record-file-damaged", { path: place, reason: error.message });
        });
      try {
        const groups = await understood(groupsOf(handle));
        for (const { span, read } of lastFirst ? groups.reverse() : groups)
          yield { span, read: (columns) => understood(read(columns)) };
      } finally {
        await handle.close();
      }
    },
    async remove(path) {
      await rm(pathOf(path), { force: true });
      await inTurn(() => removeEmptyAbove(folder, path));
    },
    async clean(known) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      let removed = 0;
      for (const entry of entries.filter((one) => one.isFile())) {
        const place = join(entry.parentPath, entry.name);
        if (known.has(relative(folder, place).split(sep).join("/"))) continue;
        await rm(place, { force: true });
        removed += 1;
      }
      // those inside of others first
      const folders = entries.filter((one) => one.isDirectory()).map((one) => join(one.parentPath, one.name));
      for (const one of folders.sort((a, b) => b.length - a.length)) await inTurn(() => removeIfEmpty(one));
      return removed;
    },
  };
}

/** The folders that a file was in, as far as nothing else is in them: their names say whose records there were, and when. */
async function removeEmptyAbove(folder: string, path: string): Promise<void> {
  for (let parts = path.split("/").slice(0, -1); parts.length > 0; parts = parts.slice(0, -1))
    if (!(await removeIfEmpty(join(folder, ...parts)))) return;
}

/** Whether the folder is no more. One that cannot be removed holds up nothing. */
const removeIfEmpty = (place: string): Promise<boolean> =>
  rmdir(place).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code === "ENOENT",
  );

async function writeFile(handle: FileHandle, columns: readonly FileColumn[], size: FileRows) {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    // writing to the disk in between lets others have their turn
    for await (const part of encodeFile(columns, size)) {
      hash.update(part);
      await handle.appendFile(part);
      bytes += part.length;
    }
    await handle.sync();
    return { bytes, digest: hash.digest("hex") };
  } finally {
    await handle.close();
  }
}

/** The bytes of a file, handed over group by group, so that memory holds one; a part is good until the next is asked for. */
async function* encodeFile(columns: readonly FileColumn[], { rows, groupRows }: FileRows): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter(1 << 20);
  const sources = columns.map(({ name, type }) => ({ name, type, data: [] }));
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: sources }) });
  const drain = (): Uint8Array => {
    const bytes = writer.getBytes();
    writer.index = 0;
    return bytes;
  };
  for (let start = 0; start < rows; start += groupRows) {
    const length = Math.min(groupRows, rows - start);
    const columnData = columns.map(({ name, type, valueAt }) => ({
      name,
      data: Array.from({ length }, (_, row) => toParquet(valueAt(start + row), type)),
      // bodies hardly repeat: looking for those that do costs more than it saves
      ...(type === "BYTE_ARRAY" ? { encoding: "PLAIN" as const, statistics: false } : {}),
    }));
    await parquet.write({ columnData, rowGroupSize: groupRows });
    yield drain();
  }
  await parquet.finish();
  yield drain();
}

function toParquet(value: unknown, type: FileColumn["type"]): unknown {
  if (value === null || value === undefined) return null;
  if (type === "INT64") return BigInt(value as number);
  return type === "TIMESTAMP" ? new Date(value as number) : value;
}

function fromParquet(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "bigint" ? Number(value) : (value ?? null);
}

async function groupsOf(handle: FileHandle): Promise<RowGroup[]> {
  const file = await bufferOf(handle);
  const metadata = await parquetMetadataAsync(file);
  // A column that a file of an older server lacks is one without values.
  const there = new Set(metadata.schema.map(({ name }) => name));
  let rowEnd = 0;
  return metadata.row_groups.map((group) => {
    const rowStart = rowEnd;
    rowEnd += Number(group.num_rows);
    const range = { rowStart, rowEnd };
    return {
      span: (column) => spanOf(group, column),
      async read(columns) {
        const known = columns.filter((name) => there.has(name));
        const rows = await parquetReadObjects({ file, metadata, ...range, columns: known, utf8: false });
        // in place: copies of many small objects are most of what reading would cost
        for (const row of rows) for (const name of columns) row[name] = fromParquet(row[name]);
        return rows;
      },
    };
  });
}

function spanOf({ columns }: FileMetaData["row_groups"][number], name: string): ReturnType<RowGroup["span"]> {
  const column = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name);
  const { min_value, max_value } = column?.meta_data?.statistics ?? {};
  const [least, most] = [min_value, max_value].map(fromParquet);
  return typeof least === "number" && typeof most === "number" ? { least, most } : undefined;
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(end - start), 0, end - start, start);
      return buffer.buffer.slice(0, bytesRead);
    },
  };
}
