import { CompiledQuery, type Kysely } from "kysely";
import { type Db, makeDb } from "../../kernel/db.ts";
import type { Turns } from "../../kernel/turns.ts";

/** A transaction that waits for its turn. */
interface Waiting {
  work(tx: Db): Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** What is committed together at most: the first of a longer group would wait longer than the sync takes that it saves. */
const groupSize = 64;

const begin = CompiledQuery.raw("begin immediate");
const commit = CompiledQuery.raw("commit");
const rollBack = CompiledQuery.raw("rollback");
const savepoint = CompiledQuery.raw("savepoint member");
const release = CompiledQuery.raw("release member");
const undo = CompiledQuery.raw("rollback to member");

/**
 * Commits transactions that wait at the same time together, so that they share one sync of the disk. They run one after
 * the other, each behind a savepoint: one that fails takes nothing of the others along. None is told that it is kept
 * before the commit. When the commit fails, or the database gives all up because the disk is full, nothing of the group is
 * there and every member is told so. A group takes its turn among all that write to the database.
 */
export function groupCommit(kysely: Kysely<unknown>, turns: Turns): Db["transaction"] {
  const waiting: Waiting[] = [];
  let running = false;
  async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) await turns(runNext);
    running = false;
  }
  async function runNext(): Promise<void> {
    // requests that have arrived already and are not read yet come along
    await new Promise((resolve) => setImmediate(resolve));
    const group = waiting.splice(0, groupSize);
    const answered = await runGroup(kysely, group).catch((error: unknown) => rejectAll(group, error));
    waiting.unshift(...group.slice(answered));
  }
  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve: resolve as Waiting["resolve"], reject });
      if (!running) void runAll();
    });
}

/** Runs a group in one transaction and answers its members. Gives how many were answered: those behind a failure were not tried. */
function runGroup(kysely: Kysely<unknown>, group: readonly Waiting[]): Promise<number> {
  const kept: { member: Waiting; result: unknown }[] = [];
  let tried = 0;
  return kysely.connection().execute(async (connection) => {
    const tx = makeDb(connection, refuseNested);
    try {
      await connection.executeQuery(begin);
      for (const member of group) {
        tried += 1;
        const done = await runMember(connection, tx, member);
        if (done !== undefined) kept.push({ member, ...done });
      }
      await connection.executeQuery(commit);
    } catch (error) {
      await connection.executeQuery(rollBack);
      if (tried === 0) return rejectAll(group, error);
      for (const { member } of kept) member.reject(error);
      return tried;
    }
    for (const { member, result } of kept) member.resolve(result);
    return tried;
  });
}

function rejectAll(group: readonly Waiting[], error: unknown): number {
  for (const { reject } of group) reject(error);
  return group.length;
}

/** The result of one member; undefined when it failed and was told so. Throws when the whole transaction is gone with it. */
async function runMember(
  connection: Kysely<unknown>,
  tx: Db,
  { work, reject }: Waiting,
): Promise<{ result: unknown } | undefined> {
  try {
    await connection.executeQuery(savepoint);
    const result = await work(tx);
    await connection.executeQuery(release);
    return { result };
  } catch (error) {
    reject(error);
    try {
      await connection.executeQuery(undo);
      await connection.executeQuery(release);
    } catch {
      throw error; // the savepoint went with the transaction
    }
    return undefined;
  }
}

const refuseNested: Db["transaction"] = () => Promise.reject(new Error("a transaction inside a transaction"));
