import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { Kysely, Migrator, SqliteDialect } from "kysely";
import { type Db, makeDb } from "../../kernel/db.ts";
import { makeTurns, type Turns } from "../../kernel/turns.ts";
import { migrations } from "../migrations/all.ts";
import { groupCommit } from "./group-commit.ts";

/** The part of the node:sqlite API (Node 22.5 and later; @photostructure/sqlite has the same one below) that is used here. */
interface SqliteStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
  columns(): unknown[];
}
interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

function openDatabase(path: string): SqliteDatabase {
  const require = createRequire(import.meta.url);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const builtIn = major > 22 || (major === 22 && minor >= 5);
  const { DatabaseSync } = require(builtIn ? "node:sqlite" : "@photostructure/sqlite");
  return new DatabaseSync(path) as SqliteDatabase;
}

/**
 * Some failures, a full disk among them, make SQLite roll back by itself (https://www.sqlite.org/lang_transaction.html); the
 * rollback that Kysely then asks for must not hide the failure behind its own "no transaction is active".
 */
function rollBack(statement: SqliteStatement): ReturnType<SqliteStatement["run"]> {
  try {
    return statement.run();
  } catch (error) {
    if (!(error as Error).message.includes("no transaction is active")) throw error;
    return { changes: 0, lastInsertRowid: 0 };
  }
}

/** Statements kept prepared: more than the program has texts of, but for filters and lists of many lengths. */
const keptStatements = 500;

/** Prepares each text once; of too many the one used longest ago goes. Statements are run to their end at once, so one can be shared. */
function statementCache(database: SqliteDatabase) {
  const kept = new Map<string, { statement: SqliteStatement; reader: boolean }>();
  return (sql: string) => {
    const found = kept.get(sql);
    if (found !== undefined) {
      kept.delete(sql);
      kept.set(sql, found);
      return found;
    }
    const statement = database.prepare(sql);
    const made = { statement, reader: statement.columns().length > 0 };
    kept.set(sql, made);
    const [oldest] = kept.keys();
    if (kept.size > keptStatements && oldest !== undefined) kept.delete(oldest);
    return made;
  };
}

/** Kysely speaks the better-sqlite3 API; this is the difference. */
function asKyselyDatabase(database: SqliteDatabase) {
  const statementOf = statementCache(database);
  return {
    close: () => database.close(),
    prepare: (sql: string) => {
      const { statement, reader } = statementOf(sql);
      return {
        reader,
        all: (parameters: readonly unknown[]) => statement.all(...parameters),
        run: (parameters: readonly unknown[]) =>
          sql === "rollback" ? rollBack(statement) : statement.run(...parameters),
        // an iteration goes on while others run the same text: it has a statement of its own
        iterate: (parameters: readonly unknown[]) => database.prepare(sql).iterate(...parameters),
      };
    },
  };
}

/**
 * Opens (and brings up to date) the embedded database. WAL and synchronous=FULL: what was acknowledged survives a power cut.
 * What a savepoint or a statement of many rows may have to undo stays in memory: as a file it is written for every group.
 * SQLite lets one connection write at a time, and who waits blocks its thread; connections that share `turns` wait without that.
 */
export async function openSqlite(
  path: string,
  turns: Turns = makeTurns(),
): Promise<{ db: Db; close(): Promise<void> }> {
  const database = openDatabase(path);
  chmodSync(path, 0o600);
  database.exec(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
  );
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: asKyselyDatabase(database) }) });
  const { error } = await new Migrator({
    db: kysely,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  if (error !== undefined) throw error;
  return { db: makeDb(kysely, groupCommit(kysely, turns)), close: () => kysely.destroy() };
}
