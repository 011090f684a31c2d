import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asModelyardError } from "../../src/contract/known-error.ts";
import { jsonAnswer } from "../../src/host/answer.ts";
import { ClientLeft, type HttpRequest } from "../../src/host/http/http-request.ts";
import { nodeRequest } from "../../src/host/http/node-request.ts";
import { answerPlainRequests } from "../../src/host/http/plain-server.ts";

const limit = 100_000;
/** Requests that came to the end of their handling, by the reader that gave them. */
const seen = { plain: 0, node: 0, left: 0 };
/** Heads as they came, by server. */
const heads: Record<"fronted" | "bare", string[]> = { fronted: [], bare: [] };

/** Answers with what it understood. A path /wait answers later, /unread before it looks at the body. */
function echo(via: "plain" | "node", server: "fronted" | "bare") {
  return async (request: HttpRequest) => {
    const { method, url, headers } = request;
    heads[server].push(JSON.stringify({ method, url, headers: { ...headers } }));
    try {
      if (url === "/unread") return request.answer(jsonAnswer(401, {}), "id");
      const body = await request.readBody(limit);
      if (url.startsWith("/wait")) await new Promise((resolve) => setTimeout(resolve, 20));
      seen[via] += 1;
      request.answer(jsonAnswer(200, { method, url, headers: { ...headers }, body: body.toString("latin1") }), "id");
    } catch (thrown) {
      if (thrown instanceof ClientLeft) seen.left += 1;
      else request.answer(jsonAnswer(asModelyardError(thrown).status, {}), "id");
    }
  };
}

let fronted: Server;
let bare: Server;
beforeAll(async () => {
  const make = (name: "fronted" | "bare") => {
    const onRequest = (request: IncomingMessage, response: ServerResponse) =>
      void echo("node", name)(nodeRequest(request, response));
    return createServer({ keepAliveTimeout: 5000 }, onRequest).on("checkContinue", onRequest);
  };
  [fronted, bare] = [make("fronted"), make("bare")];
  answerPlainRequests(
    fronted,
    { now: Date.now },
    {
      onRequest: echo("plain", "fronted"),
      isForServer: (url) => url.startsWith("/passed"),
    },
  );
  for (const server of [fronted, bare]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  for (const server of [fronted, bare]) {
    server.close();
    server.closeAllConnections();
  }
});

interface Reply {
  status: number;
  headers: string[];
  body: string;
}

function open(
  server: Server,
  withBodies = true,
): { socket: Socket; replies(count: number): Promise<Reply[]>; text(): string } {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  let received = "";
  const waiters = new Set<() => void>();
  const wake = () => {
    for (const waiter of waiters) waiter();
  };
  socket.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
    wake();
  });
  let over = false;
  socket.on("close", () => {
    over = true;
    wake();
  });
  socket.on("end", () => {
    over = true;
    wake();
  });
  socket.on("error", () => {});
  const replies = (count: number) =>
    new Promise<Reply[]>((resolve) => {
      const look = () => {
        const found = repliesOf(received, withBodies);
        if (found.length < count && !over) return;
        waiters.delete(look);
        resolve(found);
      };
      waiters.add(look);
      look();
    });
  return { socket, replies, text: () => received };
}

/** The whole answers in a text; `100 Continue` is none. */
function repliesOf(text: string, withBodies: boolean): Reply[] {
  const replies: Reply[] = [];
  let rest = text;
  for (;;) {
    const head = /^HTTP\/1\.1 (\d+)[^\r]*\r\n((?:[^\r]+\r\n)*)\r\n/.exec(rest);
    if (head === null) return replies;
    const headers = (head[2] as string).split("\r\n").filter(Boolean);
    const announced = /^content-length: (\d+)$/im.exec(headers.join("\n"))?.[1];
    const length = withBodies ? Number(announced ?? 0) : 0;
    rest = rest.slice(head[0].length);
    if (head[1] === "100") continue;
    if (rest.length < length) return replies;
    replies.push({ status: Number(head[1]), headers, body: rest.slice(0, length) });
    rest = rest.slice(length);
  }
}

/** What a server answers to bytes on a connection of their own, sent in `pieces`. */
async function answersTo(server: Server, pieces: readonly string[], count: number): Promise<Reply[]> {
  const { socket, replies } = open(server, !pieces[0]?.startsWith("HEAD"));
  for (const piece of pieces) {
    socket.write(piece, "latin1");
    if (pieces.length > 1) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const found = await replies(count);
  socket.destroy();
  return found;
}

const names = (reply: Reply | undefined) => reply?.headers.map((line) => line.split(":", 1)[0]?.toLowerCase()).sort();

async function expectSame(pieces: readonly string[], count = 1): Promise<Reply[]> {
  const [ours, nodes] = await Promise.all([answersTo(fronted, pieces, count), answersTo(bare, pieces, count)]);
  expect(ours.map(({ status, body }) => ({ status, body }))).toEqual(
    nodes.map(({ status, body }) => ({ status, body })),
  );
  expect(ours.map(names)).toEqual(nodes.map(names));
  return ours;
}

const post = (body: string, more = "", path = "/a") =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

describe("plain requests", () => {
  it("are read by the plain reader, and answered as node:http does", async () => {
    const before = { ...seen };
    await expectSame([post("{}", "Content-Type: application/json\r\nX-Odd:   spaced \t\r\nEmpty:\r\n")]);
    await expectSame(["GET /x?y=%20&z#no HTTP/1.1\r\nhost: a\r\n\r\n"]);
    await expectSame(["HEAD / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n"]);
    expect(seen.plain - before.plain).toBe(3);
  });

  it("may come in any pieces", async () => {
    const whole = post("x".repeat(300));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 4 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        await expectSame(places.slice(1).map((end, index) => whole.slice(places[index], end)));
      }),
      { numRuns: 15 },
    );
  });

  it("are answered in their order when they come all at once, also beside those that are not plain", async () => {
    const chunked = "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    const all = [post("1", "", "/wait/1"), post("2", "", "/2"), chunked, post("4", "", "/wait/4"), post("5", "", "/5")];
    const replies = await expectSame([all.join("")], 5);
    expect(replies.map(({ body }) => JSON.parse(body).url)).toEqual(["/wait/1", "/2", "/c", "/wait/4", "/5"]);
  });

  it("are read to the end of a connection that the client has closed on its side", async () => {
    const { socket, replies } = open(fronted);
    socket.end(post("last", "", "/wait"));
    expect((await replies(1)).map(({ status }) => status)).toEqual([200]);
  });
});

describe("what is not plain", () => {
  const odd: [string, string][] = [
    ["HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"],
    ["a connection that closes", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["an expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
    ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a length that is none", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na"],
    ["a space before the colon", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\na"],
    ["a folded header", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"],
    ["a bare line feed", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"],
    ["a control character", "GET / HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n"],
    ["letters beyond ASCII", "GET / HTTP/1.1\r\nHost: x\r\nA: \xe4\r\n\r\n"],
    ["a name of the prototype", "GET / HTTP/1.1\r\nHost: x\r\nConstructor: y\r\n\r\n"],
    ["an absolute target", "GET http://x/y HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["another method", "PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["no HTTP", "hello\r\n\r\n"],
  ];
  it.each(odd)("is judged by node:http: %s", async (_, bytes) => {
    const before = seen.plain;
    await expectSame([bytes]);
    expect(seen.plain).toBe(before);
  });

  it("is read by node:http where it must stream", async () => {
    const before = seen.plain;
    await expectSame([post("abc", "", "/passed/on")]);
    expect(seen.plain).toBe(before);
  });

  it("and what is, mixed at random, means the same to both", async () => {
    const token = fc.constantFrom("A", "host", "X-b", "content-length", "Connection", "te", "accept", "bad name", "");
    const value = fc.constantFrom("", "1", "2", "keep-alive", "close", "x y", " \t", "caf\xe9", "\0", "chunked");
    const colon = fc.constantFrom(":", ": ", " :", ":\t");
    const end = fc.constantFrom("\r\n", "\r\n", "\r\n", "\n");
    const line = fc.tuple(token, colon, value, end).map((parts) => parts.join(""));
    const head = fc.tuple(
      fc.constantFrom("GET", "POST"),
      fc.constantFrom("/", "/a?b", "*"),
      fc.array(line, { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(head, async ([method, target, lines]) => {
        heads.fronted.length = heads.bare.length = 0;
        const last = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        const bytes = `${method} ${target} HTTP/1.1\r\nHost: x\r\n${lines.join("")}\r\n${last}`;
        const [ours, nodes] = await Promise.all([answersTo(fronted, [bytes], 3), answersTo(bare, [bytes], 3)]);
        // node:http forgets the answers it owes when it meets an error further on; what was asked is the same
        expect(heads.fronted).toEqual(heads.bare);
        expect(ours.at(-1)?.status).toBe(nodes.at(-1)?.status);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a body", () => {
  it("that is announced too large is refused before it is sent, and the connection ends", async () => {
    const { socket, replies, text } = open(fronted);
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${limit + 1}\r\n\r\nabc`);
    expect((await replies(1)).map(({ status }) => status)).toEqual([413]);
    expect(text()).toMatch(/connection: close/i);
    socket.destroy();
  });

  it("that nobody reads is taken from the wire, so that the client gets the answer", async () => {
    const { socket, replies } = open(fronted);
    socket.write("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
    socket.write("x".repeat(5_000_000));
    expect((await replies(1)).map(({ status }) => status)).toEqual([401]);
    socket.destroy();
  });

  it("that is cut off tells the one who waits for it", async () => {
    const before = seen.left;
    const { socket } = open(fronted);
    socket.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", () => socket.destroy());
    while (seen.left === before) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen.left).toBe(before + 1);
  });
});

describe("a client that takes nothing of a large answer", () => {
  const large = Buffer.alloc(64_000_000, "x");
  /** A server of answers that no buffer of the system holds, whose clients may stand still for so long. */
  async function makeServer(patienceMs: number) {
    const server = createServer({ requestTimeout: patienceMs, connectionsCheckingInterval: 1000 });
    const onRequest = (request: HttpRequest) => {
      const head = { status: 200, headers: {} };
      if (request.url === "/stream") void request.begin(head, "id", () => {}).write(large);
      else request.answer({ ...head, body: large }, "id", request.url === "/close");
    };
    const sockets: Socket[] = [];
    answerPlainRequests(server, { now: Date.now }, { onRequest, isForServer: () => false });
    server.on("connection", (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }).on("error", () => {});
    return { server, client, sockets };
  }

  it.each(["/", "/stream", "/close"])("of %s is let go, and the answer with it", async (path) => {
    const { server, client, sockets } = await makeServer(500);
    client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => sockets[0]?.destroyed, { timeout: 30_000 }).toBe(true);
    client.destroy();
    server.close();
  });

  it.each(["/", "/close"])("of %s and then takes it gets all of it", async (path) => {
    const { server, client, sockets } = await makeServer(60_000);
    client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => sockets[0]?.writableLength ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
    // longer than who was answered may go on sending
    await new Promise((resolve) => setTimeout(resolve, 2500));
    let size = 0;
    client.on("data", (bytes) => {
      size += bytes.length;
    });
    await expect.poll(() => size, { timeout: 30_000 }).toBeGreaterThan(large.length);
    client.destroy();
    server.close();
  });
});

it("an idle plain connection is closed with the idle ones of the server", async () => {
  const { socket, replies } = open(fronted);
  socket.write(post("a"));
  await replies(1);
  const closed = new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
  fronted.closeIdleConnections();
  await closed;
  socket.destroy();
});
