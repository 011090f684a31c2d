import type { Handler, OutputOf } from "../../contract/operations.ts";
import { mustFindModel, resolveAlias } from "../../register/find-model.ts";
import { mustFindVersion } from "../../register/get-model.ts";
import { selectServed } from "../../use/served/rows.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { MonitorPorts } from "../ports.ts";
import { timeRange } from "../time-range.ts";
import { selectModelsOfImages, selectUsageOfImage } from "./rows.ts";
import { countErrors, mergeUsage, noUsage, type Usage } from "./usage.ts";

type Item = OutputOf<"whoUsesModel">["items"][number];

/** Also services that answer with it now and that nobody has asked. */
export const whoUsesModel =
  ({ db, clock, ingest }: Pick<MonitorPorts, "db" | "clock"> & { ingest: Ingest }): Handler<"whoUsesModel"> =>
  async ({ since, ...reference }) => {
    await ingest.catchUp();
    const now = clock.now();
    const { name } = await mustFindModel(db, reference.name);
    const { version } = await resolveAlias(db, { ...reference, name });
    const from = since === undefined ? 0 : Math.floor(timeRange({ since }, now).from / 60_000);
    const users = new Map<string, { user: Omit<Item, keyof ReturnType<typeof counted>>; usage: Usage }>();
    const find = (user: Pick<Item, "model" | "service" | "revision" | "caller">) => {
      const key = JSON.stringify([user.model, user.service, user.revision, user.caller]);
      const found = users.get(key) ?? { user: { ...user, serving: false }, usage: noUsage() };
      users.set(key, found);
      return found;
    };
    for (const [image, models] of await selectModelsOfImages(db))
      for (const model of models.filter((one) =>
        version === undefined ? one.startsWith(`${name}:`) : one === `${name}:${version}`,
      ))
        for (const slot of await selectUsageOfImage(db, image, from)) {
          const { service, revision, caller } = slot;
          mergeUsage(find({ model, service, revision, caller }).usage, slot);
        }
    for (const { service, revision, ...served } of await selectServed(db, { name, version, at: now, limit: 10_000 })) {
      const model = `${name}:${served.version}`;
      const asked = [...users.values()].filter(
        ({ user }) => user.model === model && user.service === service && user.revision === revision,
      );
      for (const { user } of asked.length > 0 ? asked : [find({ model, service, revision, caller: null })])
        user.serving = true;
    }
    // one that was deleted may still have been used
    if (users.size === 0 && version !== undefined) await mustFindVersion(db, { name, version });
    const items = [...users.values()].map(({ user, usage }) => ({ ...user, ...counted(usage) }));
    return { items: items.sort(byUse), nextPageToken: null };
  };

const counted = (usage: Usage) => ({
  requests: usage.requests,
  rows: usage.rows,
  errors: countErrors(usage),
  firstUsedAt: usage.requests === 0 ? null : usage.firstAt,
  lastUsedAt: usage.requests === 0 ? null : usage.lastAt,
});

/** What answers now first, then what was used last. */
const byUse = (a: Item, b: Item): number =>
  Number(b.serving) - Number(a.serving) || (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0);
