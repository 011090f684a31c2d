import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";

let line: CommandLine;
beforeAll(async () => {
  line = await commandLine();
});
afterAll(() => line.remove());

test("one command makes a live service of the example with its own server, which streams its events", async () => {
  const { code, stdout, stderr } = await line.run(["up", "examples/own-server", "--json"]);
  expect(code, stderr).toBe(0);
  const done = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect(done).toMatchObject({ changed: true, service: "words", model: "words:1" });
  const ask = async (path: string, body: object) => {
    const url = done.scoringUri.replace(/\/score$/, path);
    const headers = { authorization: `Bearer ${done.key}` };
    return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).text();
  };
  const prompt = "a good day";
  expect(JSON.parse(await ask("/score", { prompt }))).toEqual({ words: 3, mood: 1 });
  expect(await ask("/v1/words", { prompt, stream: true })).toBe(
    'data: {"word": "a", "mood": 0}\n\ndata: {"word": "good", "mood": 1}\n\ndata: {"word": "day", "mood": 0}\n\ndata: [DONE]\n\n',
  );
  expect((await line.run(["up", "examples/own-server"])).stdout).toContain("Nothing to do");
});
