import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grammars } from "../../src/register/filter/grammar.ts";
import { parseFilter } from "../../src/register/filter/parse.ts";
import { compareValues, differenceText, fieldsOf } from "../../web/src/features/register/compare/compare.ts";
import { readReference } from "../../web/src/features/register/compare/version-reference.ts";
import { foldersOf, treeRows } from "../../web/src/features/register/file-tree.ts";
import { historyText } from "../../web/src/features/register/history-text.ts";
import { filterOf } from "../../web/src/features/register/models-filter.ts";
import { changesOfPairs } from "../../web/src/features/register/pairs.ts";
import { shapeText } from "../../web/src/features/register/shape-text.ts";

describe("a search text", () => {
  it("of plain words asks that each stands somewhere in the name", () => {
    expect(filterOf("  churn  de ")).toBe("name ILIKE '%churn%' AND name ILIKE '%de%'");
    expect(filterOf("name")).toBe("name ILIKE '%name%'");
    expect(filterOf(" ")).toBeUndefined();
  });

  it("that begins as a filter is taken as it is", () => {
    for (const filter of [
      "tags.team = 'vision' AND live = 'true'",
      "NOT (alias IN ('champion'))",
      "tags.`a b` LIKE 'x%'",
      "created_at > '30d'",
      "text ~ 'digits'",
      "live_on='digits'",
    ])
      expect(filterOf(filter)).toBe(filter);
  });

  it("of words always gives a filter that the server reads", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const words = `word${text}`;
        expect(() => parseFilter(filterOf(words) ?? "", grammars.models, 0)).not.toThrow();
      }),
    );
  });
});

describe("files of a version", () => {
  const files = ["b.txt", "m/MLmodel", "m/data/model.pkl", "a.txt"].map((path, place) => ({
    path,
    digest: String(place),
    size: 10,
  }));

  it("stand below their folders, folders first, with count and size of each", () => {
    const rows = treeRows(files, new Set(foldersOf(files)));
    expect(rows.map((row) => `${" ".repeat(row.depth)}${row.name}`)).toEqual([
      "m",
      " data",
      "  model.pkl",
      " MLmodel",
      "a.txt",
      "b.txt",
    ]);
    expect(rows[0]).toMatchObject({ kind: "folder", files: 2, size: 20, isOpen: true });
  });

  it("of a closed folder are not listed", () => {
    expect(treeRows(files, new Set(["m/data"])).map(({ name }) => name)).toEqual(["m", "a.txt", "b.txt"]);
  });

  it("all are listed once when all folders are open, whatever they are called", () => {
    const part = fc.constantFrom("a", "b", "__proto__", "constructor");
    const paths = fc.uniqueArray(fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join("/")}.x`));
    fc.assert(
      fc.property(paths, (paths) => {
        const given = paths.map((path) => ({ path, digest: "", size: 1 }));
        const listed = treeRows(given, new Set(foldersOf(given))).flatMap((row) =>
          row.kind === "file" ? [row.file.path] : [],
        );
        expect(listed.toSorted()).toEqual(paths.toSorted());
      }),
    );
  });
});

describe("two versions side by side", () => {
  it("tell what only one has, what changed, and by how much", () => {
    const rows = compareValues({ accuracy: 0.8, loss: 0.5, gone: 1 }, { accuracy: 0.9, loss: 0.5, fresh: 2 });
    expect(rows.map(({ name, standing }) => [name, standing])).toEqual([
      ["accuracy", "changed"],
      ["loss", "same"],
      ["gone", "only a"],
      ["fresh", "only b"],
    ]);
    expect(rows.map(differenceText)).toEqual(["+0.1 (+12.5 %)", "0", "–", "–"]);
  });

  it("say a difference from nothing without a share of it", () => {
    expect(compareValues({ loss: 0 }, { loss: -2 }).map(differenceText)).toEqual(["−2"]);
  });

  it("compare fields of signatures by side and name, those without a name by place", () => {
    const field = { name: null, type: "double", shape: [null, 64] };
    const outputs = [{ ...field, name: "label", shape: null, pii: true }];
    const params = [{ name: "factor", type: "double", shape: null, default: 1.5 }];
    const version = { signature: { inputs: [field], outputs, params } };
    expect(fieldsOf(version as unknown as Parameters<typeof fieldsOf>[0], shapeText)).toEqual({
      "input (1)": "double, any × 64",
      "output label": "double, personal data",
      "parameter factor": "double, default 1.5",
    });
  });

  it("are named in an address as name:version; anything else is none", () => {
    expect(readReference("a b:12")).toEqual({ name: "a b", version: 12 });
    for (const text of ["digits", "digits:0", "digits:x", "digits@champion", "", undefined])
      expect(readReference(text)).toBeUndefined();
  });
});

describe("words of the pages", () => {
  it("send only the tags that changed, and the keys that are gone", () => {
    const changes = changesOfPairs(
      { team: "vision", ring: "test", old: "1" },
      { team: "vision", ring: "live", "": "x" },
    );
    expect(changes).toEqual({ tags: { ring: "live" }, removeTags: ["old"] });
  });

  it("tell history in words, and what has none by its action", () => {
    expect(historyText({ action: "alias.set", detail: { alias: "champion", version: 2, before: 1 } })).toBe(
      "Alias champion set to version 2, before on 1",
    );
    expect(historyText({ action: "some.thing", detail: { key: "k" } })).toBe("Some thing: key: k");
    expect(historyText({ action: "version.updated", detail: { description: "long" } })).toBe("Description changed");
    expect(historyText({ action: "version.updated", detail: { note: "x".repeat(500) } }).length).toBe(160);
  });
});
