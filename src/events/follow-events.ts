import type { Handler } from "../contract/operations.ts";
import type { EventFeed } from "./event-feed.ts";

export const followEvents =
  ({ feed }: { feed: EventFeed }): Handler<"followEvents"> =>
  async ({ after, type = [] }, { signal }) =>
    feed.follow(after, [type].flat(), signal);
