// The yardstick: node:http, the body collected and parsed with JSON.parse, a canned answer with one item per row.
// Writes its port to stdout.
import { createServer } from "node:http";
import { cannedAnswer } from "./canned-answer.mjs";

const canned = new Map([1, 64].map((rows) => [rows, cannedAnswer(rows)]));

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { data } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const answer = canned.get(data.length);
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
