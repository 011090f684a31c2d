import { setMaxListeners } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followedEvents } from "../../src/client/event-stream.ts";
import type { FollowedEvent } from "../../src/contract/events.ts";
import { makeEventFeed } from "../../src/events/event-feed.ts";
import { afterCommit, type Db } from "../../src/kernel/db.ts";
import { emit } from "../../src/kernel/outbox.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { startServer, type TestServer } from "../server.ts";
import { cookieOf, signIn } from "../sign-in.ts";
import { openOutbox } from "./outbox-fixture.ts";

const until = async (isSo: () => boolean | Promise<boolean>) => {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (await isSo()) return;
    await sleep(20);
  }
  throw new Error("it did not happen");
};

/** Gathers items in the background; `ended` when the stream has. */
function gather(items: AsyncIterable<FollowedEvent>) {
  const gathered = { items: [] as FollowedEvent[], ended: false, events: () => [] as number[] };
  gathered.events = () => gathered.items.filter(({ event }) => event !== null).map(({ next }) => next);
  void (async () => {
    try {
      for await (const item of items) gathered.items.push(item);
    } catch {
      // it broke off
    }
    gathered.ended = true;
  })();
  return gathered;
}

test("what a cut leaves of a frame is dropped, wherever it falls", async () => {
  const text =
    'retry: 2000\n\nid: 41\n\n:\n\nid: 42\ndata: {"type":"ü"}\n\nid: 43\nevent: reset\ndata: {"next":43}\n\n';
  const bytes = Buffer.from(text);
  const all: FollowedEvent[] = [
    { next: 41, event: null, reset: false },
    { next: 42, event: { type: "ü" } as FollowedEvent["event"], reset: false },
    { next: 43, event: null, reset: true },
  ];
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const read = async (...chunks: Buffer[]) => {
      const items: FollowedEvent[] = [];
      for await (const item of followedEvents(Readable.from(chunks))) items.push(item);
      return items;
    };
    const before = await read(bytes.subarray(0, cut));
    expect(before).toEqual(all.slice(0, before.length));
    expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(all);
  }
});

describe("the feed", () => {
  const tell = (db: Db, type: "modelyard.model.created" | "modelyard.alias.set" = "modelyard.model.created") =>
    db.transaction((tx) => emit(tx, { type, subject: "models/a", data: {}, actor: "x", at: 1 }));

  test("gives every follower every event once and in order, whenever it comes", async () => {
    const {
      ports: { db: opened },
      close,
    } = await openOutbox();
    const feed = makeEventFeed({ db: opened, source: () => "" });
    const db = afterCommit(opened, feed.wake);
    const leaving = new AbortController();
    setMaxListeners(0, leaving.signal);
    const followers: ReturnType<typeof gather>[] = [];
    for (let count = 1; count <= 300; count += 1) {
      if (count % 10 === 1) followers.push(gather(await feed.follow(0, [], leaving.signal)));
      await tell(db);
      if (count % 50 === 0) await sleep(5);
    }
    const all = Array.from({ length: 300 }, (_, index) => index + 1);
    await until(() => followers.every(({ items }) => items.length >= 301));
    for (const follower of followers) expect(follower.events()).toEqual(all);
    leaving.abort();
    await until(() => followers.every(({ ended }) => ended));
    await close();
  });

  test("begins now, after an event, or says that some are gone", async () => {
    const {
      ports: { db },
      close,
    } = await openOutbox();
    const feed = makeEventFeed({ db, source: () => "" });
    const leaving = new AbortController();
    const first = async (after?: number) => {
      for await (const item of await feed.follow(after, [], leaving.signal)) return item;
      return undefined;
    };
    expect(await first()).toEqual({ next: 0, event: null, reset: false });
    for (let count = 0; count < 5; count += 1) await tell(db);
    expect(await first()).toEqual({ next: 5, event: null, reset: false });
    expect(await first(2)).toEqual({ next: 2, event: null, reset: false });
    expect(await first(9)).toEqual({ next: 5, event: null, reset: true });
    await db.tables<{ events: { sequence: number } }>().deleteFrom("events").where("sequence", "<", 4).execute();
    expect(await first(2)).toEqual({ next: 2, event: null, reset: true });
    expect(await first(3)).toEqual({ next: 3, event: null, reset: false });
    leaving.abort();
    await close();
  });

  test("gives the types that are asked for, and takes so many followers and no more", async () => {
    const {
      ports: { db: opened },
      close,
    } = await openOutbox();
    const feed = makeEventFeed({ db: opened, source: () => "" }, 2);
    const db = afterCommit(opened, feed.wake);
    const [one, two] = [new AbortController(), new AbortController()];
    const aliases = gather(await feed.follow(undefined, ["alias"], one.signal));
    await feed.follow(undefined, [], two.signal);
    await expect(feed.follow(undefined, [], one.signal)).rejects.toMatchObject({ code: "too-many-streams" });
    two.abort();
    gather(await feed.follow(undefined, [], one.signal));
    await tell(db);
    await tell(db, "modelyard.alias.set");
    await until(() => aliases.events().length > 0);
    expect(aliases.events()).toEqual([2]);
    one.abort();
    await close();
  });
});

describe("the stream", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.remove());

  const open = async (headers: Record<string, string> = {}, query = "") => {
    const leaving = new AbortController();
    const authorization = `Bearer ${server.token}`;
    const answer = await fetch(`${server.url}/api/v1/events/stream${query}`, {
      headers: "cookie" in headers || "authorization" in headers ? headers : { authorization, ...headers },
      signal: leaving.signal,
    });
    const read = () => gather(followedEvents(answer.body as unknown as AsyncIterable<Uint8Array>));
    return { answer, read, leave: () => leaving.abort() };
  };
  const newest = async () => (await server.client.listEvents({})).next;
  const happen = async (count: number) => {
    for (let done = 0; done < count; done += 1) await server.client.createModel({ name: `m-${Math.random()}` });
  };

  test("goes on after a cut where it was, without a loss or a double", async () => {
    const start = await newest();
    const seen: number[] = [];
    let last = String(start);
    for (let round = 0; round < 3; round += 1) {
      const { read, leave } = await open({ "last-event-id": last }, "?after=0");
      const got = read();
      await happen(4);
      await until(() => got.events().length >= (round === 0 ? 4 : 6));
      leave();
      seen.push(...got.events());
      last = String(got.items.at(-1)?.next);
      await happen(2);
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => start + 1 + index));
  });

  test("has the form that EventSource reads", async () => {
    const { answer, leave } = await open();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
    const start = await newest();
    await happen(1);
    let text = "";
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString("utf8");
      if (text.includes("data:")) break;
    }
    leave();
    expect(text).toMatch(
      new RegExp(`^retry: 2000\n\nid: ${start}\n\nid: ${start + 1}\ndata: {"specversion":"1.0",.*}\n\n$`),
    );
  });

  test("is for readers, and ends with their token or their session", async () => {
    expect((await open({ authorization: "Bearer my_wrong" })).answer.status).toBe(401);
    const { id, token } = await server.client.createToken({ role: "reader" });
    const cookie = cookieOf(await signIn(server, { token }));
    const streams = [(await open({ authorization: `Bearer ${token}` })).read(), (await open({ cookie })).read()];
    await happen(1);
    await until(() => streams.every((stream) => stream.events().length > 0));
    await server.client.revokeToken({ id });
    await until(() => streams.every(({ ended }) => ended));
    for (const stream of streams)
      expect(stream.items.map(({ event }) => event?.type)).not.toContain("modelyard.token.revoked");
  });

  test("a wrong cursor is told", async () => {
    expect((await open({}, "?after=x")).answer.status).toBe(400);
    expect((await open({ "last-event-id": "x" })).answer.status).toBe(400);
    const beyond = await open({ "last-event-id": "999999" });
    const got = beyond.read();
    await until(() => got.items.length > 0);
    expect(got.items[0]).toEqual({ next: await newest(), event: null, reset: true });
    beyond.leave();
  });

  test("a hundred follow at once; one more is told why not; places that are left are free again", async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => open()));
    expect(new Set(all.map(({ answer }) => answer.status))).toEqual(new Set([200]));
    const more = await open();
    expect([more.answer.status, await more.answer.json()]).toMatchObject([
      503,
      { error: { code: "too-many-streams" } },
    ]);
    const gathered = all.map(({ read }) => read());
    await happen(20);
    await until(() => gathered.every((stream) => stream.events().length >= 20));
    expect(new Set(gathered.map((stream) => stream.events().join())).size).toBe(1);
    for (const { leave } of all) leave();
    await until(async () => {
      const again = await open();
      again.leave();
      return again.answer.status === 200;
    });
  });

  test("open streams, also those that nobody reads, do not hold up the end of the server", async () => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(
      `GET /api/v1/events/stream?after=0 HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${server.token}\r\n\r\n`,
    );
    socket.pause();
    const got = (await open()).read();
    await until(() => got.items.length > 0);
    await server.kill("SIGTERM");
    expect(processStartTime(server.pid)).toBeNull();
    await until(() => got.ended);
    socket.destroy();
    server = await server.restart();
  });
});
