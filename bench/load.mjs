// Closed-loop load over kept-alive connections: each sends its next request when its answer is there. A process of its
// own, on bare sockets: its cost a request must stay below the servers', or it hides them (see docs/decisions/0010).
// Takes one JSON object on stdin (see `measure` in throughput.mjs) and writes one to stdout.
import { connect } from "node:net";
import { cpuMs, machineCpuMs } from "./processes.mjs";
import { percentile } from "./statistics.mjs";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { port, path, key, requests, connections, warmUpMs, measureMs, pids } = JSON.parse(text);

const authorization = key === null ? "" : `Authorization: Bearer ${key}\r\n`;
const prepared = requests.map((request) => ({ bytes: httpRequest(request), answer: request.answer }));
const latencies = [];
let measuring = false;
let ended = false;
let wrong = 0;
let next = 0;

/** `target` in place of the path of all requests; without a body it is a GET. */
function httpRequest({ body, target = path }) {
  const host = `HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${authorization}`;
  if (body === undefined) return Buffer.from(`GET ${target} ${host}\r\n`);
  const size = Buffer.byteLength(body);
  return Buffer.from(`POST ${target} ${host}Content-Type: application/json\r\nContent-Length: ${size}\r\n\r\n${body}`);
}

/** The body of a whole answer with status 200; undefined while some of it is missing. Any other answer gives null. */
function answerOf(received) {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const size = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, headEnd))?.[1];
  if (size === undefined) return null;
  const end = headEnd + 4 + Number(size);
  if (received.length < end) return undefined;
  return received.startsWith("HTTP/1.1 200 ") ? received.slice(headEnd + 4, end) : null;
}

function openConnection() {
  const socket = connect(port, "127.0.0.1");
  let sentAt = 0;
  let expected = "";
  let received = "";
  const send = () => {
    const request = prepared[next];
    next = (next + 1) % prepared.length;
    expected = request.answer;
    sentAt = performance.now();
    socket.write(request.bytes);
  };
  const finish = (good) => {
    if (measuring) {
      latencies.push(performance.now() - sentAt);
      if (!good) wrong += 1;
    }
    if (!ended) send();
  };
  socket.setNoDelay(true).setEncoding("latin1").on("connect", send);
  socket.on("data", (chunk) => {
    received += chunk;
    const answer = answerOf(received);
    if (answer === undefined) return;
    received = "";
    // without an expected answer every one with status 200 will do
    finish(expected === undefined ? answer !== null : answer === expected);
  });
  socket.on("error", () => socket.destroy());
  // a closed connection is a failed request, and a new connection takes its place
  socket.on("close", () => {
    if (ended) return;
    if (measuring) wrong += 1;
    openSockets.delete(socket);
    openSockets.add(openConnection());
  });
  return socket;
}

const openSockets = new Set();
for (let index = 0; index < connections; index += 1) openSockets.add(openConnection());
await new Promise((resolve) => setTimeout(resolve, warmUpMs));
const cpuBefore = pids.map(cpuMs);
const ownBefore = process.cpuUsage();
const machineBefore = machineCpuMs();
const begun = performance.now();
measuring = true;
await new Promise((resolve) => setTimeout(resolve, measureMs));
measuring = false;
const seconds = (performance.now() - begun) / 1000;
const own = process.cpuUsage(ownBefore);
const machineMs = machineCpuMs() - machineBefore;
const usedMs = pids.map((pid, index) => cpuMs(pid) - cpuBefore[index]);
const ownMs = (own.user + own.system) / 1000;
ended = true;
for (const socket of openSockets) socket.destroy();
latencies.sort((a, b) => a - b);
const count = latencies.length;
process.stdout.write(
  JSON.stringify({
    requests: count,
    wrong,
    perSecond: count / seconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    cpuMs: usedMs.map((used) => used / count),
    clientCpuMs: ownMs / count,
    // cores that processes which have no part in this used meanwhile
    otherCores: (machineMs - ownMs - usedMs.reduce((sum, used) => sum + used, 0)) / (seconds * 1000),
  }),
);
