import { ModelyardError } from "../../contract/errors.ts";
import type { Grammar, OrderTerm } from "./grammar.ts";

/** Reads `created_at DESC` and the like; each column counts once, the first time. Throws invalid-input. */
export function parseOrder(terms: readonly string[], { orders }: Pick<Grammar, "orders">): OrderTerm[] {
  const found: OrderTerm[] = [];
  for (const term of terms) {
    const [, name = "", direction] = /^\s*(?:`(?=.*`)|)([\w]+)`?(?:\s+(asc|desc))?\s*$/i.exec(term) ?? [];
    const column = Object.hasOwn(orders, name) ? orders[name] : undefined;
    if (column === undefined)
      throw new ModelyardError("invalid-input", {
        problems: `Invalid order_by clause '${term}': it is one of ${Object.keys(orders).join(", ")}, with ASC or DESC`,
      });
    if (found.some((one) => one.column === column)) continue;
    found.push({ column, descending: direction?.toLowerCase() === "desc" });
  }
  return found;
}
