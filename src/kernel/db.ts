import type { Kysely } from "kysely";

/**
 * The database as rooms see it. Each room names its own tables and speaks SQL only in its rows.ts.
 * Inside `transaction` use the handle it gives, not the outer one.
 */
export interface Db {
  tables<Tables>(): Kysely<Tables>;
  transaction<Result>(work: (tx: Db) => Promise<Result>): Promise<Result>;
}

/** The same database, telling after each transaction that was kept. */
export const afterCommit = (db: Db, tell: () => void): Db => ({
  tables: () => db.tables(),
  transaction: async (work) => {
    const result = await db.transaction(work);
    tell();
    return result;
  },
});

/** `transaction` is how the store runs one; it keeps all of it or nothing. */
export const makeDb = (kysely: Kysely<unknown>, transaction: Db["transaction"]): Db => ({
  tables: <Tables>() => kysely as unknown as Kysely<Tables>,
  transaction,
});
