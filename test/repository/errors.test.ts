import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { errorTable } from "../../src/contract/errors.ts";
import { operationEntries } from "../../src/contract/operations.ts";
import { filesBelow, repository } from "./repository-files.ts";

const codes = Object.keys(errorTable).sort();
const pages = filesBelow("docs/errors", ".md");

test("every error code has a page, and every page is about a code", () => {
  expect(pages.map((path) => basename(path, ".md"))).toEqual(codes);
});

test.each(pages)("%s says what happened, how to fix it and what is often mistaken", (path) => {
  const text = readFileSync(join(repository, path), "utf8");
  const headings = text.split("\n").filter((line) => line.startsWith("#"));
  expect(headings).toEqual([`# ${basename(path, ".md")}`, "## What happened", "## How to fix", "## Common mistakes"]);
  expect(text.split(/\s+/).length).toBeGreaterThan(50);
  // the server renders headings, lists, code and paragraphs, and nothing else
  expect(text).not.toMatch(/\]\(|^\||^\d+\. |\*\*/m);
});

test("every error code is thrown somewhere", () => {
  const sources = filesBelow("src", ".ts")
    .filter((path) => !path.startsWith("src/contract/"))
    .map((path) => readFileSync(join(repository, path), "utf8"))
    .join("\n");
  expect(codes.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
});

test("an operation names no error twice", () => {
  const repeated = operationEntries.filter(([, { errors }]) => new Set(errors).size < errors.length);
  expect(repeated.map(([name]) => name)).toEqual([]);
});
