import { ModelyardError } from "../../../contract/errors.ts";

/** MLflow pages by offset; so do these searches, whose orders are too many for keys. */
export const encodeOffset = (offset: number): string => Buffer.from(JSON.stringify({ offset })).toString("base64");

export function decodeOffset(token: string | undefined): number {
  if (token === undefined || token === "") return 0;
  try {
    const { offset } = JSON.parse(Buffer.from(token, "base64").toString("utf8")) as { offset?: unknown };
    if (typeof offset === "number" && Number.isSafeInteger(offset) && offset >= 0) return offset;
  } catch {
    // falls through to the error below
  }
  throw new ModelyardError("invalid-input", { problems: "Invalid page token" });
}
