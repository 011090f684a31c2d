import type { Handler } from "../contract/operations.ts";
import type { Filter } from "./filter/grammar.ts";
import type { RegisterPorts } from "./ports.ts";
import { searchVersions } from "./search-versions.ts";

export const listModels =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"listModels"> =>
  ({ name, tag, framework, digest, filter, orderBy, archived, total, pageSize, pageToken }) => {
    const equal = Object.entries({ name, framework, digest }).flatMap(([key, value]) =>
      value === undefined ? [] : [compareWith({ kind: "attribute", name: key }, value)],
    );
    const tags = tag === undefined ? [] : [tag].flat();
    return searchVersions(db, {
      dialect: "own",
      filter,
      also: [...equal, ...tags.map(tagFilter)],
      orderBy: orderBy?.split(","),
      limit: pageSize,
      pageToken,
      archived,
      total,
      now: clock.now(),
    });
  };

const compareWith = (key: Extract<Filter, { kind: "compare" }>["key"], value: string): Filter => ({
  kind: "compare",
  key,
  operator: "=",
  values: [value],
});

/** `key`, or `key=value`. */
function tagFilter(tag: string): Filter {
  const cut = tag.indexOf("=");
  const key = { kind: "tag", name: cut < 0 ? tag : tag.slice(0, cut) } as const;
  return cut < 0 ? { kind: "compare", key, operator: "LIKE", values: ["%"] } : compareWith(key, tag.slice(cut + 1));
}
