import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";

/** The forms in which a value could stand on a disk: text, escaped JSON, base64 at any offset, UTF-16, and little-endian numbers. */
function formsOf(value: string | number): Buffer[] {
  const text = String(value);
  const escaped = [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const forms = [text, JSON.stringify(text).slice(1, -1), escaped].map((form) => Buffer.from(form));
  // of three bytes four letters are made: at each of three offsets other ones, and those at the ends depend on what stands beside
  const base64 = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    return padded
      .subarray(0, padded.length - (padded.length % 3))
      .toString("base64")
      .slice(offset === 0 ? 0 : 4);
  });
  const numbers = typeof value === "number" ? numberForms(value) : [];
  return [...forms, ...base64.map((form) => Buffer.from(form)), Buffer.from(text, "utf16le"), ...numbers];
}

function numberForms(value: number): Buffer[] {
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  const single = Buffer.alloc(4);
  single.writeFloatLE(value);
  if (!Number.isSafeInteger(value)) return [double, single];
  const long = Buffer.alloc(8);
  long.writeBigInt64LE(BigInt(value));
  return [double, single, long];
}

/** A view of a file beside its bytes: what a reader of its format gets out of it. */
export type Unpack = (path: string, bytes: Buffer) => Promise<Buffer | undefined>;

/** The values of a Parquet file, no longer compressed, as JSON. */
export const unpackParquet: Unpack = async (_, bytes) => {
  if (bytes.subarray(0, 4).toString("latin1") !== "PAR1") return undefined;
  const { buffer, byteOffset, byteLength } = bytes;
  const rows = await parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer });
  return Buffer.from(JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? Number(value) : value)));
};

/** Every file below the folders that holds a value in any form, with the values it holds. */
export async function findOnDisk(
  folders: readonly string[],
  values: readonly (string | number)[],
  unpack: Unpack = async () => undefined,
): Promise<{ path: string; found: (string | number)[] }[]> {
  const forms = values.map((value) => ({ value, forms: formsOf(value) }));
  const hits: { path: string; found: (string | number)[] }[] = [];
  for (const folder of folders)
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      const views = [bytes, await unpack(path, bytes)].filter((view) => view !== undefined);
      const found = forms.filter((one) => one.forms.some((form) => views.some((view) => view.includes(form))));
      if (found.length > 0) hits.push({ path, found: found.map(({ value }) => value) });
    }
  return hits;
}
