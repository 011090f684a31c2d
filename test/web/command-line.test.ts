import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandOf } from "../../web/src/ui/command-line.ts";

/** The words a shell makes of a line. */
const wordsOf = (line: string): string[] =>
  execFileSync("sh", ["-c", `modelyard() { printf '%s\\0' "$@"; }; ${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);

describe("an action that is copied as a command", () => {
  it("means the same to a shell, whatever stands in its values", () => {
    const odd = 'it\'s "odd" $HOME $(id) `id` \\ ! *\n日本 --force';
    const tags = { [odd]: odd, "": "x" };
    expect(wordsOf(commandOf("updateModel", { name: odd, tags, removeTags: ["-a", "~"], description: odd }))).toEqual([
      ...["model", "update", odd, "--description", odd, "--tag", `${odd}=${odd}`, "--tag", "=x"],
      ...["--remove-tag", "-a", "--remove-tag", "~"],
    ]);
  });

  it("names a version and a data set by their references", () => {
    expect(commandOf("archiveVersion", { name: "digits", version: 2 })).toBe("modelyard model archive digits:2");
    expect(commandOf("getDataset", { name: "november" })).toBe("modelyard dataset show november");
    expect(commandOf("deleteDataset", { name: "november", digest: "ab12" })).toBe(
      "modelyard dataset delete november@ab12",
    );
  });

  it("says what takes a text away, and keeps a name with a dash from being a flag", () => {
    expect(wordsOf(commandOf("updateModel", { name: "-rf", tags: {}, removeTags: [], description: null }))).toEqual([
      ...["model", "update", "--description", "", "--", "-rf"],
    ]);
  });
});
