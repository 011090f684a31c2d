import { expect, it } from "vitest";
import { type Known, makeRecordFeed } from "../../web/src/features/monitor/record-feed.ts";

/** A server with records 1, 2, 3, …; the newest first, `size` a page. */
function serverOf(count: number, size: number) {
  const server = { count, asked: 0, fails: false };
  const record = (number: number): Known => ({ id: `r-${number}`, at: number, mirrored: false });
  const ask = async (pageToken: string | undefined) => {
    server.asked += 1;
    if (server.fails) throw new Error("gone");
    const from = pageToken === undefined ? server.count : Number(pageToken);
    const items = Array.from({ length: Math.min(size, from) }, (_, place) => record(from - place));
    return { items, nextPageToken: from - size > 0 ? String(from - size) : null };
  };
  return { server, feed: makeRecordFeed(ask) };
}
const ids = (records: readonly Known[]) => records.map(({ id }) => id);

it("grows by older pages until none is left, and asks for each once", async () => {
  const { server, feed } = serverOf(5, 2);
  await Promise.all([feed.loadMore(), feed.loadMore()]);
  expect(ids(feed.state().records)).toEqual(["r-5", "r-4"]);
  await feed.loadMore();
  await feed.loadMore();
  await feed.loadMore();
  expect(ids(feed.state().records)).toEqual(["r-5", "r-4", "r-3", "r-2", "r-1"]);
  expect(feed.state().hasMore).toBe(false);
  expect(server.asked).toBe(3);
});

it("keeps what came since apart until it is asked for, then puts it on top", async () => {
  const { server, feed } = serverOf(4, 3);
  await feed.loadMore();
  server.count = 6;
  await feed.poll();
  expect(ids(feed.state().records)[0]).toBe("r-4");
  expect(ids(feed.state().newer)).toEqual(["r-6", "r-5"]);
  feed.showNewer();
  expect(ids(feed.state().records)).toEqual(["r-6", "r-5", "r-4", "r-3", "r-2"]);
  await feed.loadMore();
  expect(ids(feed.state().records).at(-1)).toBe("r-1");
});

it("begins anew where more came than a page holds, so that nothing between is missing", async () => {
  const { server, feed } = serverOf(4, 3);
  await feed.loadMore();
  server.count = 20;
  await feed.poll();
  expect(feed.state()).toMatchObject({ isNewerCut: true });
  feed.showNewer();
  await feed.loadMore();
  expect(ids(feed.state().records)).toEqual(["r-20", "r-19", "r-18", "r-17", "r-16", "r-15"]);
});

it("shows the first record that comes to an empty list by itself", async () => {
  const { server, feed } = serverOf(0, 3);
  await feed.loadMore();
  expect(feed.state()).toMatchObject({ records: [], hasMore: false });
  server.count = 1;
  await feed.poll();
  expect(ids(feed.state().records)).toEqual(["r-1"]);
});

it("keeps what is there when a page fails, and goes on from it", async () => {
  const { server, feed } = serverOf(4, 2);
  await feed.loadMore();
  server.fails = true;
  await feed.loadMore();
  expect(feed.state()).toMatchObject({ error: new Error("gone"), isLoading: false, hasMore: true });
  server.fails = false;
  await feed.loadMore();
  expect(ids(feed.state().records)).toEqual(["r-4", "r-3", "r-2", "r-1"]);
  expect(feed.state().error).toBeNull();
});
