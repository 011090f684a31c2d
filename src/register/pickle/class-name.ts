import { entryOf, globalName, isNode, itemsOf, type Value } from "./values.ts";

/** Functions that make an object of the class they are given first. */
const makers = /^(copyreg|copy_reg)\.(_reconstructor|__newobj__|__newobj_ex__)$|\.__pyx_unpickle_\w+$|\.newObj$/;

const builtinKinds: Readonly<Record<string, string>> = {
  dict: "builtins.dict",
  list: "builtins.list",
  tuple: "builtins.tuple",
  set: "builtins.set",
  frozenset: "builtins.frozenset",
  bytes: "builtins.bytes",
  text: "builtins.str",
  long: "builtins.int",
  "raw-array": "numpy.ndarray",
};

/** "module.Class" of a pickled value as the pickle tells it; null when it does not. */
export function classNameOf(value: Value | undefined): string | null {
  if (typeof value === "string") return "builtins.str";
  if (typeof value === "boolean") return "builtins.bool";
  if (typeof value === "bigint") return "builtins.int";
  if (!isNode(value)) return null;
  if (value.kind !== "object") return builtinKinds[value.kind] ?? null;
  const callee = globalName(value.callee);
  if (callee === undefined) return cloudpickleClass(value.callee);
  if (/^numpy\._?core\.(multiarray\._reconstruct|numeric\._frombuffer)$/.test(callee)) return "numpy.ndarray";
  return makers.test(callee) ? (globalName(itemsOf(value.args)?.[0]) ?? callee) : callee;
}

/** cloudpickle writes classes of `__main__` whole: `_make_skeleton_class(type, name, bases, {"__module__": …}, …)`. */
function cloudpickleClass(value: Value): string | null {
  if (!isNode(value) || value.kind !== "object" || !globalName(value.callee)?.endsWith("._make_skeleton_class"))
    return null;
  const [, name, , keywords] = itemsOf(value.args) ?? [];
  const module = entryOf(keywords, "__module__");
  return typeof name === "string" ? `${typeof module === "string" ? module : "__main__"}.${name}` : null;
}
