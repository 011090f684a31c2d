import { ModelyardError } from "../contract/errors.ts";

/** A page token holds the sort values of the last row of a page (keyset paging: stable while rows come and go). */
const encodePageToken = (values: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(values)).toString("base64url");

export function decodePageToken(token: string | undefined, length: number): (string | number)[] | undefined {
  if (token === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every((v) => typeof v === "string" || typeof v === "number")
    )
      return values as (string | number)[];
  } catch {
    // falls through to the error below
  }
  throw new ModelyardError("invalid-input", { problems: "pageToken is not one that this list gave" });
}

/** Cuts one row more than a page into the page and the token of the next one. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  pageSize: number,
  keyOf: (row: Row) => readonly (string | number)[],
  toItem: (row: Row) => Item,
): { items: Item[]; nextPageToken: string | null } {
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  const more = rows.length > pageSize && last !== undefined;
  return { items: page.map(toItem), nextPageToken: more ? encodePageToken(keyOf(last)) : null };
}
