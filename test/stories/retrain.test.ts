import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";
import { sharedEnvironment } from "../python-environment.ts";

const run = promisify(execFile);
let line: CommandLine;
let python: string;
let folder: string;
beforeAll(async () => {
  [line, python] = await Promise.all([commandLine(), sharedEnvironment()]);
  folder = await mkdtemp(join(tmpdir(), "modelyard-retrain-"));
  await cp("examples/retrain", join(folder, "retrain"), { recursive: true });
});
afterAll(async () => {
  await line.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The commands of the example's page, in their order, without the one that makes an environment. */
async function commandsOfPage(): Promise<string[]> {
  const text = await readFile("examples/retrain/README.md", "utf8");
  const lines = text.split("\n").filter((one) => one.startsWith("    "));
  return lines.map((one) => one.trim()).filter((one) => !one.startsWith("python3 -m venv"));
}

test(
  "the page of the example, command by command: the version trained on collected data is better and serves",
  { timeout: 600_000 },
  async () => {
    const known: Record<string, string> = {};
    const wordOf = (word: string) => {
      if (word === "$KEY") return known.key ?? "";
      if (word.startsWith("http://")) return known.url ?? "";
      if (/^(labels\.csv|data\.csv|better\.pkl)$/.test(word)) return join(folder, word);
      return word.replace(/^examples\/retrain/, join(folder, "retrain"));
    };
    for (const command of await commandsOfPage()) {
      const [program, ...words] = command.split(" ");
      const args = words.map(wordOf);
      if (program === "./modelyard") {
        const { code, stdout, stderr } = await line.run(args);
        expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
      } else if (program === "python")
        await run(python, args, { env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
      else if (program?.startsWith("KEY=")) {
        known.key = (await line.json<{ primary: string }>(["service", "keys", "retrain"])).primary;
        known.url = (await line.json<{ scoringUri: string }>(["service", "show", "retrain"])).scoringUri;
      } else throw new Error(`the page has a command that this test does not know: ${command}`);
    }
    const { items } = await line.json<{
      items: {
        model: string;
        labelled: number;
        measured: { metrics: { name: string; value: number; low: number; high: number }[] };
      }[];
    }>(["quality", "show", "retrain", "--by", "model"]);
    expect(items.map(({ model, labelled }) => [model, labelled])).toEqual([
      ["retrain:1", 1000],
      ["retrain:2", 757],
    ]);
    const [first, second] = items.map(({ measured }) => measured.metrics.find(({ name }) => name === "accuracy"));
    expect(first?.value).toBeCloseTo(0.743, 3);
    expect(second?.low).toBeGreaterThan(first?.high ?? 1);
    const set = await line.json<{ reference: string; rows: number; versions: string[] }>([
      "dataset",
      "show",
      "digits-day-1",
    ]);
    expect(set).toMatchObject({ rows: 1000, versions: ["retrain:2"] });
    expect(await line.json(["model", "show", "retrain"])).toMatchObject({ lineage: { dataset: set.reference } });
    expect((await line.run(["dataset", "delete", "digits-day-1"])).stderr).toContain("retrain:2");
  },
);
