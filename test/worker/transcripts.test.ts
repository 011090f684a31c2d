import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../protocol/worker");

interface Step {
  head?: unknown;
  bodyText?: string;
  bodyBase64?: string;
  frameHex?: string;
}

/** The frame of a step as protocol/worker.md describes it, made without the host's codec. */
function frameOf(step: Step): string {
  const head = Buffer.from(JSON.stringify(step.head));
  const body =
    step.bodyBase64 === undefined ? Buffer.from(step.bodyText ?? "") : Buffer.from(step.bodyBase64, "base64");
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(4 + head.length + body.length, 0);
  lengths.writeUInt32LE(head.length, 4);
  return Buffer.concat([lengths, head, body]).toString("hex");
}

const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("golden transcripts", () => {
  it.each(files)("%s: JavaScript writes each frame byte for byte as Python does", (name) => {
    const steps = JSON.parse(readFileSync(join(folder, name), "utf8")) as Step[];
    const frames = steps.filter((step) => step.head !== undefined);
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.map(frameOf)).toEqual(frames.map((step) => step.frameHex));
  });
});
