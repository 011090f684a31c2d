// Requests at a fixed rate, whatever becomes of them, over as many kept-alive connections as that takes.
import { connect } from "node:net";

/**
 * Sends `perSecond` requests a second for `seconds`; `requests` are `{ body, answer }` in rotation. What finds all `mostConnections` busy waits for
 * one of them, and its `ms` count from when it was due. Calls `onDone` for each with `{ status, ms, right, id, body }`; status 0 is a connection
 * that broke. Resolves when all are answered.
 */
export function openLoop({ port, path, key, requests, perSecond, seconds, mostConnections = 4000 }, onDone) {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
  const prepared = requests.map(({ body, answer }) => ({
    answer,
    bytes: Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
  }));
  const free = [];
  // a queue: the first that waits is at `taken`
  let due = [];
  let taken = 0;
  let connections = 0;
  let sent = 0;
  let open = 0;
  const begun = performance.now();

  return new Promise((resolve) => {
    const finishIfDone = () => {
      if (sent < perSecond * seconds || open > 0) return;
      clearInterval(timer);
      for (const socket of free) socket.destroy();
      resolve();
    };
    const send = () => {
      due.push({ ...prepared[sent % prepared.length], at: performance.now() });
      sent += 1;
      open += 1;
      sendDue();
    };
    const sendDue = () => {
      while (taken < due.length && (free.length > 0 || connections < mostConnections)) {
        const client = free.pop() ?? openConnection();
        client.ask(due[taken]);
        taken += 1;
      }
      // shift() of each would move all others
      if (taken > 1000 && taken * 2 > due.length) {
        due = due.slice(taken);
        taken = 0;
      }
    };
    const openConnection = () => {
      connections += 1;
      return makeClient(port, {
        onDone: (client, done) => {
          open -= 1;
          if (client !== undefined) free.push(client);
          onDone(done);
          sendDue();
          finishIfDone();
        },
        onClose: (client) => {
          connections -= 1;
          const index = free.indexOf(client);
          if (index !== -1) free.splice(index, 1);
          sendDue();
        },
      });
    };
    const timer = setInterval(() => {
      const wanted = Math.min(perSecond * seconds, ((performance.now() - begun) / 1000) * perSecond);
      while (sent < wanted) send();
      finishIfDone();
    }, 2);
  });
}

function makeClient(port, { onDone, onClose }) {
  const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  let asked;
  let received = "";
  const client = {
    ask: (request) => {
      asked = request;
      received = "";
      socket.write(request.bytes);
    },
    destroy: () => socket.destroy(),
  };
  const done = (status, body, headers, reuse) => {
    const { at, answer } = asked;
    asked = undefined;
    const id = /\r\nx-request-id: *(\S+)/i.exec(headers)?.[1];
    onDone(reuse ? client : undefined, { status, ms: performance.now() - at, right: body === answer, id, body });
  };
  socket.on("data", (chunk) => {
    received += chunk;
    const end = received.indexOf("\r\n\r\n");
    if (end === -1 || asked === undefined) return;
    const headers = received.slice(0, end);
    const size = Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1]);
    if (received.length < end + 4 + size) return;
    const reuse = !/\r\nconnection: *close/i.test(headers);
    done(Number(headers.slice(9, 12)), received.slice(end + 4, end + 4 + size), headers, reuse);
    if (!reuse) socket.destroy();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (asked !== undefined) done(0, "", "", false);
    onClose(client);
  });
  return client;
}
