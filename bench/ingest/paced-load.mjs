// Requests at a fixed rate, in a process of its own: what is measured beside them must not wait for them.
// Takes what openLoop takes as one JSON object on stdin; writes how many were answered every 50 ms, a number a line.
import { openLoop } from "../faults/open-loop.mjs";

let text = "";
for await (const chunk of process.stdin) text += chunk;
let answered = 0;
let wrong = 0;
const timer = setInterval(() => process.stdout.write(`${answered} ${wrong}\n`), 50);
await openLoop(JSON.parse(text), ({ status, right }) => {
  answered += 1;
  if (status !== 200 || !right) wrong += 1;
});
clearInterval(timer);
process.stdout.write(`${answered} ${wrong}\n`);
