import type { Migration } from "kysely";
import { first } from "./0001-first.ts";

/** Every migration by its name; names sort in the order they run. */
export const migrations: Record<string, Migration> = { "0001-first": first };
