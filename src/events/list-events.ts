import type { Handler } from "../contract/operations.ts";
import { pastMs } from "../kernel/time-spans.ts";
import { cloudEvent } from "./cloud-event.ts";
import type { EventsPorts } from "./ports.ts";
import { outboxEnds, selectEvents } from "./rows/events.ts";

/** The ends are read first: an event written meanwhile may be in the page, and is never passed over by `next`. */
export const listEvents =
  ({ db, clock, source }: Pick<EventsPorts, "db" | "clock" | "source">): Handler<"listEvents"> =>
  async ({ after, type = [], subject, since, pageSize }) => {
    const { oldest, newest } = await outboxEnds(db);
    const found = await selectEvents(db, {
      after,
      types: [type].flat(),
      subject,
      since: since === undefined ? undefined : pastMs(since, clock.now()),
      limit: after === undefined ? pageSize : pageSize + 1,
    });
    const page = found.slice(0, pageSize);
    const more = found.length > page.length;
    const last = page.at(-1)?.sequence ?? 0;
    const next = more ? last : Math.max(last, newest);
    return { items: page.map((event) => cloudEvent(event, source())), next, more, oldest };
  };
