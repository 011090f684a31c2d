import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, type SnippetKind, type SnippetRequest, snippetOf } from "../../web/src/features/use/snippets.ts";
import { deployScript } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

const run = promisify(execFile);

/** Answers what it was sent: what any snippet prints must be the body it was made of. */
const echo = "import json\ndef init():\n    pass\ndef run(raw_data):\n    return json.loads(raw_data)\n";

/** What quotes, shells and compilers stumble over. */
const hostile = {
  it: `'single' "double" \`backtick\` $HOME $(id) \${x} %s %n \\ \\u0041 \\n`,
  lines: "one\ntwo\r\n\ttab\u2028\u2029\u0007",
  scripts: "日本語 ελληνικά 👩‍💻 é é",
  "'; echo gone; '": [null, true, 1.5e-7, -0.25, "@body.json", "</script>"],
};

let server: TestServer;
let folder: string;
let service: { name: string; scoringUri: string };
let key: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "snippets-"));
  server = await startServer();
  service = await deployScript(server, "echoes", echo, { sample: '{"rows": [[1, 2]]}' });
  key = (await server.client.getServiceKeys({ name: "echoes" })).primary;
});
afterAll(async () => {
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

const hasJdk = (() => {
  try {
    return execFileSync("java", ["--list-modules"], { encoding: "utf8" }).includes("jdk.compiler");
  } catch {
    return false;
  }
})();

/** Runs a snippet as its reader would, in a folder of its own; gives what it printed. */
async function printed(kind: SnippetKind, request: SnippetRequest): Promise<string> {
  const cwd = await mkdtemp(join(folder, `${kind}-`));
  const text = snippetOf(kind, request);
  await writeFile(join(cwd, "body.json"), request.body);
  const [file, program, ...words] = {
    curl: ["score.sh", "sh", "score.sh"],
    python: ["score.py", "python3", "score.py"],
    typescript: ["score.mjs", process.execPath, "score.mjs"],
    java: ["Score.java", "java", "Score.java"],
  }[kind] as [string, string, string];
  await writeFile(join(cwd, file), kind === "typescript" ? (await transform(text, { loader: "ts" })).code : text);
  const env = {
    ...process.env,
    KEY: key,
    PYTHONUTF8: "1",
    JAVA_TOOL_OPTIONS: "-Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8",
  };
  return (await run(program, words, { cwd, env, maxBuffer: 10_000_000 })).stdout;
}

const kinds = ["curl", "python", "typescript", "java"] as const;
const isMissing = (kind: SnippetKind) => kind === "java" && !hasJdk;
const because = (kind: SnippetKind) => (isMissing(kind) ? " (skipped: this machine has no JDK)" : "");

for (const kind of kinds) {
  test.skipIf(isMissing(kind))(
    `the ${kind} snippet sends any body as it is and prints the answer${because(kind)}`,
    async () => {
      const body = JSON.stringify(hostile);
      for (const asked of ["variable", { secret: key }] as const)
        expect(JSON.parse(await printed(kind, { url: service.scoringUri, body, key: asked }))).toEqual(hostile);
    },
  );

  test.skipIf(isMissing(kind))(`the ${kind} snippet reads a long body from its file${because(kind)}`, async () => {
    const long = { text: "it's 日本 ".repeat(20_000) };
    const request = { url: service.scoringUri, body: JSON.stringify(long), key: "variable" as const };
    expect(snippetOf(kind, request).length).toBeLessThan(2_000);
    expect(JSON.parse(await printed(kind, request))).toEqual(long);
  });

  test.skipIf(isMissing(kind))(`the ${kind} snippet speaks each request language${because(kind)}`, async () => {
    const tensor = { name: "rows", datatype: "FP64", shape: [1, 2], data: [3, 4] };
    const inference = JSON.stringify({ inputs: [tensor] });
    const answer = await printed(kind, { url: addressOf("inference", service), body: inference, key: { secret: key } });
    expect(JSON.parse(answer)).toMatchObject({ outputs: [{ name: "rows", data: [3, 4] }] });
    const mlflow = JSON.stringify({ inputs: [[5, 6]] });
    expect(
      JSON.parse(await printed(kind, { url: addressOf("mlflow", service), body: mlflow, key: { secret: key } })),
    ).toEqual({ predictions: { rows: [[5, 6]] } });
  });
}

test("no snippet holds a key before it is asked for, and none sends one to an open service", async () => {
  const asked = { url: service.scoringUri, body: "{}" };
  for (const kind of kinds) {
    expect(snippetOf(kind, { ...asked, key: "variable" })).toMatch(/KEY/);
    expect(snippetOf(kind, { ...asked, key: null })).not.toMatch(/KEY|Authorization/);
  }
  await server.client.updateService({ name: "echoes", auth: "none" });
  for (const kind of kinds.filter((kind) => !isMissing(kind)))
    expect(JSON.parse(await printed(kind, { ...asked, body: '{"open": true}', key: null })), kind).toEqual({
      open: true,
    });
});
