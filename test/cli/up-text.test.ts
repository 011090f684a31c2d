import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { takesTexts } from "../../src/doors/cli/commands/takes-texts.ts";
import { curlLine, doneText } from "../../src/doors/cli/commands/up-text.ts";
import type { Done } from "../../src/flow/events.ts";

const done: Done = {
  event: "done",
  changed: true,
  service: "digits",
  scoringUri: "http://127.0.0.1:5081/services/digits/score",
  swaggerUri: "http://127.0.0.1:5081/services/digits/swagger.json",
  key: "mk_x",
  model: "digits:1",
  image: "ab",
  revision: 1,
};
const context = {
  url: "http://u",
  seconds: 1.26,
  sample: `{"text": "it's"}`,
  takesTexts: false,
  samplePath: "/a/b/sample.json",
  cwd: "/a",
};

/** The arguments a POSIX shell makes of the line. */
const argumentsOf = (line: string): string[] =>
  execFileSync("/bin/sh", ["-c", line.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" })
    .trim()
    .split("\n");

test("the curl line survives the shell, quotes and all", () => {
  expect(argumentsOf(curlLine(done, context)).slice(-2)).toEqual(["-d", `{"text": "it's"}`]);
});

test("a long sample is named by its file", () => {
  expect(curlLine(done, { ...context, sample: "x".repeat(500) })).toContain("-d '@b/sample.json'");
});

test("without a sample the line shows the form of a body: rows of numbers, or texts where the model takes them", () => {
  const bodyOf = (takesTexts: boolean) => argumentsOf(curlLine(done, { ...context, sample: null, takesTexts })).at(-1);
  expect(bodyOf(false)).toBe('{"data": [[…]]}');
  expect(bodyOf(true)).toBe('{"data": ["…"]}');
});

test("whether a model takes texts is what the metadata of its service say, and nothing where they are not reached", async () => {
  const asked: string[] = [];
  const told = (inputs: unknown, signature: unknown = { input: { kind: "rows", columns: null, names: null } }) => {
    const answering = async (url: string, { headers }: { headers: Record<string, string> }) => {
      asked.push(`${url} ${headers.authorization}`);
      return inputs === undefined ? Promise.reject(new Error("refused")) : Response.json({ inputs });
    };
    const system = { fetch: answering as never, signal: new AbortController().signal };
    return takesTexts(done, { signature } as never, system);
  };
  expect(await told([{ name: "input", datatype: "BYTES", shape: [-1, 1] }])).toBe(true);
  expect(await told([{ name: "input", datatype: "FP64", shape: [-1, -1] }])).toBe(false);
  expect(await told(undefined)).toBe(false);
  expect(new Set(asked)).toEqual(new Set(["http://127.0.0.1:5081/v2/models/digits Bearer mk_x"]));
  expect(await told([{ datatype: "BYTES" }], { input: { kind: "text" } })).toBe(false);
});

test("a service without keys gets no header", () => {
  expect(curlLine({ ...done, key: null }, context)).not.toContain("Authorization");
});

test("an unchanged run says so first and every run ends with its time", () => {
  expect(doneText({ ...done, changed: false }, context)).toMatch(/^Nothing to do: digits runs digits:1, revision 1\n/);
  expect(doneText(done, context)).toMatch(/http:\/\/u\/docs[\s\S]*Finished in 1\.3 s$/);
});
