// A file of 1 GB in and out through the command line, beside what copying and hashing it alone takes, and the server's memory meanwhile.
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cache } from "../home.mjs";
import { memoryOf } from "../processes.mjs";
import { summary } from "../statistics.mjs";

const run = promisify(execFile);

/** Seconds of each way over some rounds, in turns; every copy is compared by its digest. */
export async function measureTransfer(home, { pid, mlflow }, { transferBytes, transferRounds, say }) {
  const file = join(cache, "large.bin");
  const out = join(cache, "downloaded");
  const copy = join(cache, "copy.bin");
  const seconds = { copy: [], upload: [], download: [], mlflowUpload: [] };
  const memory = { before: 0, most: 0 };
  try {
    for (let round = 1; round <= transferRounds; round += 1) {
      const digest = await fill(file, transferBytes);
      await rm(copy, { force: true });
      seconds.copy.push(
        await timed(() => run("sh", ["-c", 'cp "$1" "$2" && sync "$2" && sha256sum "$2"', "sh", file, copy])),
      );
      memory.before = round === 1 ? memoryOf(pid).rss : memory.before;
      const watch = setInterval(() => {
        memory.most = Math.max(memory.most, memoryOf(pid).rss);
      }, 100);
      seconds.upload.push(await timed(() => home.modelyard("model", "register", file, "--name", "large", "--json")));
      await rm(out, { recursive: true, force: true });
      seconds.download.push(await timed(() => home.modelyard("model", "download", "large", "--output", out)));
      clearInterval(watch);
      if ((await digestOf(join(out, "large.bin"))) !== digest) throw new Error("the download is not what was uploaded");
      seconds.mlflowUpload.push(await timed(() => put(mlflow, file, round)));
      say(`transfer ${round}: ${Object.entries(seconds).map(([name, all]) => `${name} ${all.at(-1)?.toFixed(2)} s`)}`);
    }
  } finally {
    for (const path of [file, out, copy]) await rm(path, { recursive: true, force: true });
  }
  return {
    bytes: transferBytes,
    memory,
    seconds: Object.fromEntries(Object.entries(seconds).map(([name, all]) => [name, summary(all)])),
  };
}

async function timed(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** Fills a file with bytes that cannot be packed and were never seen; gives their SHA-256. */
async function fill(path, bytes) {
  const hash = createHash("sha256");
  const handle = await open(path, "w");
  for (let left = bytes; left > 0; left -= 1 << 20) {
    const chunk = randomBytes(Math.min(left, 1 << 20));
    hash.update(chunk);
    await handle.write(chunk);
  }
  await handle.sync();
  await handle.close();
  return hash.digest("hex");
}

async function digestOf(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** What MLflow's client sends for a file: one PUT. */
async function put({ port }, path, round) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/2.0/mlflow-artifacts/artifacts/large/${round}.bin`, {
    method: "PUT",
    body: createReadStream(path),
    duplex: "half",
    headers: { "content-length": String((await stat(path)).size) },
  });
  if (!answer.ok) throw new Error(`mlflow answered ${answer.status}`);
}
