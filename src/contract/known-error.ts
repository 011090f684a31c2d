import { ModelyardError } from "./errors.ts";

/** What the file system and the database say when the disk is full. */
export function isDiskFull(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === "ENOSPC" || code === "EDQUOT" || message === "database or disk is full";
}

/** Keeps a known error as it is, names a full disk, and hides any other behind `internal`, whose text says nothing about the inside. */
export function asModelyardError(error: unknown): ModelyardError {
  if (error instanceof ModelyardError) return error;
  return new ModelyardError(isDiskFull(error) ? "disk-full" : "internal", {}, { cause: error });
}
