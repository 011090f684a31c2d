import type { Client } from "../../src/client/client.ts";
import type { Random } from "./random.ts";

export const model = "moved";
export const versions = 8;
const aliases = ["champion", "challenger", "canary"] as const;

/** One client under a name of its own, with the moves it was answered, and the one it waits for. */
export interface Mover {
  name: string;
  client: Client;
  acknowledged: string[];
  pending: string | undefined;
}

interface Move {
  alias: string;
  version: number;
  before: number | null;
}

const textOf = ({ alias, version, before }: Move) => `${alias}: ${before} -> ${version}`;

/** Moves aliases that all clients share until the server is gone. */
export async function moveUntilGone(mover: Mover, random: Random): Promise<void> {
  for (;;) {
    const wanted = { alias: random.pick(aliases), version: random.int(1, versions) };
    mover.pending = `${wanted.alias}: … -> ${wanted.version}`;
    const moved = await mover.client.setAlias({ name: model, ...wanted });
    if (moved.before !== moved.version) mover.acknowledged.push(textOf(moved));
    mover.pending = undefined;
  }
}

interface Told extends Move {
  by: string;
}

/** Every move in the words of the history and in those of the events, oldest first. */
async function told(client: Client): Promise<{ history: Told[]; events: Told[] }> {
  const history: Told[] = [];
  let pageToken: string | undefined;
  do {
    const page = await client.getModelHistory({ name: model, pageSize: 1000, ...(pageToken && { pageToken }) });
    for (const { action, by, detail } of page.items)
      if (action === "alias.set") history.push({ ...(detail as unknown as Move), by });
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  const events: Told[] = [];
  for (let after = 0, more = true; more; ) {
    const page = await client.listEvents({ after, type: "alias.set", subject: `models/${model}`, pageSize: 1000 });
    for (const { actor, data } of page.items) events.push({ ...(data as unknown as Move), by: actor });
    ({ next: after, more } = page);
  }
  return { history: history.reverse(), events };
}

/** What the alias table, the history, the events and the clients' memories say against each other. */
export async function checkAliases(client: Client, movers: Mover[]): Promise<string[]> {
  const faults: string[] = [];
  const { history, events } = await told(client);
  const line = (move: Told) => `${move.by} ${textOf(move)}`;
  if (history.map(line).join("\n") !== events.map(line).join("\n"))
    faults.push("history and events tell different moves");
  const now = new Map<string, number>();
  for (const move of history) {
    if ((now.get(move.alias) ?? null) !== move.before) faults.push(`${line(move)} did not begin where the alias stood`);
    now.set(move.alias, move.version);
  }
  const [shown] = (await client.listModelNames({ filter: `name = '${model}'` })).items;
  const table = (shown?.aliases ?? []).map(({ alias, version }) => `${alias} ${version}`).sort();
  const wanted = [...now].map(([alias, version]) => `${alias} ${version}`).sort();
  if (table.join() !== wanted.join()) faults.push(`the aliases are ${table}, by the history ${wanted}`);
  for (const [alias, version] of now)
    if ((await client.getModel({ name: model, alias })).version !== version) faults.push(`${alias} leads elsewhere`);
  for (const mover of movers) faults.push(...checkMover(mover, history));
  return faults;
}

/** The history has what a client was answered, in its order, and at most the one move it waited for. Takes that as known. */
function checkMover(mover: Mover, history: Told[]): string[] {
  const mine = history.filter(({ by }) => by === mover.name).map(textOf);
  const { acknowledged, pending } = mover;
  const kept = mine.slice(0, acknowledged.length);
  const beyond = mine.slice(acknowledged.length);
  const isPending = (move: string) => move.replace(/: .* -> /, ": … -> ") === pending;
  mover.acknowledged = mine;
  mover.pending = undefined;
  if (kept.join() !== acknowledged.join())
    return [`${mover.name} was answered ${acknowledged.at(-1)} and it is not there`];
  return beyond.length === 0 || (beyond.length === 1 && beyond.every(isPending))
    ? []
    : [`${mover.name} never asked for ${beyond}`];
}
