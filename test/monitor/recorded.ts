import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SpooledHead, segmentName } from "../../src/contract/host.ts";
import { makeSpoolGroup } from "../../src/host/spool-entry.ts";
import type { TestServer } from "../server.ts";

/** A request of a service with its answer, as a test tells it. */
export interface Told extends Partial<SpooledHead> {
  id: string;
  body: unknown;
  answer: unknown;
}

let segments = 0;

/** Puts requests into the spool of a server's host, as a host does; the next look takes them over. */
export async function record(server: Pick<TestServer, "home">, service: string, told: readonly Told[]): Promise<void> {
  const spool = join(server.home, "host", "spool");
  await mkdir(spool, { recursive: true });
  const group = makeSpoolGroup(1 << 20);
  for (const { body, answer, ...more } of told) {
    const [bodyBytes, answerBytes] = [body, answer].map((value) => Buffer.from(JSON.stringify(value)));
    const head: SpooledHead = {
      service,
      revision: 1,
      image: "0".repeat(64),
      models: [`${service}:${more.revision ?? 1}`],
      at: Date.now(),
      durationMs: 2,
      status: 200,
      kept: true,
      bodySize: bodyBytes?.length ?? 0,
      answerSize: answerBytes?.length ?? 0,
      bodyBytes: bodyBytes?.length ?? 0,
      answerBytes: answerBytes?.length ?? 0,
      contentType: "application/json",
      answerType: "application/json",
      ...more,
    };
    group.add({ head, body: bodyBytes ?? Buffer.of(), answer: answerBytes ?? Buffer.of() });
  }
  segments += 1;
  await writeFile(join(spool, segmentName(Date.now() * 1000 + segments)), group.bytes());
}
