import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { ModelyardError } from "../../contract/errors.ts";
import { syncFolder } from "../../kernel/files.ts";
import type { FileColumn, FileRows, RecordFiles } from "../../monitor/ports.ts";

/** Files of Parquet with snappy in a folder: what pandas, DuckDB and Polars read as it is. */
export function parquetFolder(folder: string): RecordFiles {
  const pathOf = (path: string) => join(folder, ...path.split("/"));
  return {
    async write(path, columns, size) {
      const place = pathOf(path);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      const temp = `${place}.tmp`;
      try {
        const written = await writeFile(temp, columns, size);
        await rename(temp, place);
        await syncFolder(dirname(place));
        return written;
      } catch (error) {
        await rm(temp, { force: true });
        throw error;
      }
    },
    read: async function* (path, columns) {
      const handle = await open(pathOf(path));
      try {
        yield* readGroups(handle, columns);
      } catch (error) {
        throw new ModelyardError("record-file-damaged", { path: pathOf(path), reason: (error as Error).message });
      } finally {
        await handle.close();
      }
    },
    remove: (path) => rm(pathOf(path), { force: true }),
    async clean(known) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      let removed = 0;
      for (const entry of entries.filter((one) => one.isFile())) {
        const place = join(entry.parentPath, entry.name);
        if (known.has(relative(folder, place).split(sep).join("/"))) continue;
        await rm(place, { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

async function writeFile(place: string, columns: readonly FileColumn[], { rows, groupRows }: FileRows) {
  const handle = await open(place, "w", 0o600);
  const hash = createHash("sha256");
  try {
    const writer = fileWriter(handle, hash);
    const sources = columns.map(({ name, type }) => ({ name, type, data: [] }));
    const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: sources }) });
    for (let start = 0; start < rows; start += groupRows) {
      const length = Math.min(groupRows, rows - start);
      const columnData = columns.map(({ name, type, valueAt }) => ({
        name,
        data: Array.from({ length }, (_, row) => toParquet(valueAt(start + row), type)),
        // bodies hardly repeat: looking for those that do costs more than it saves
        ...(type === "BYTE_ARRAY" ? { encoding: "PLAIN" as const, statistics: false } : {}),
      }));
      // writing to the disk in between lets others have their turn
      await parquet.write({ columnData, rowGroupSize: groupRows });
    }
    await parquet.finish();
    await handle.sync();
    return { bytes: writer.offset, digest: hash.digest("hex") };
  } finally {
    await handle.close();
  }
}

/** Writes out, and sums up, what was written of each group of rows: memory holds one. */
function fileWriter(handle: FileHandle, hash: Hash): ByteWriter & { flush(): Promise<void> } {
  const writer = new ByteWriter(1 << 20);
  const flush = async () => {
    const bytes = writer.getBytes();
    hash.update(bytes);
    await handle.appendFile(bytes);
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
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

async function* readGroups(handle: FileHandle, columns: readonly string[]): AsyncIterable<Record<string, unknown>[]> {
  const file = await bufferOf(handle);
  const metadata = await parquetMetadataAsync(file);
  let start = 0;
  for (const { num_rows } of metadata.row_groups) {
    const end = start + Number(num_rows);
    const range = { rowStart: start, rowEnd: end, columns: [...columns], utf8: false };
    const rows = await parquetReadObjects({ file, metadata, ...range });
    yield rows.map((row) => Object.fromEntries(columns.map((name) => [name, fromParquet(row[name])])));
    start = end;
  }
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
