import { type Source, view } from "../../kernel/source.ts";

/** A file in a framework's own format. */
interface NativeModel {
  framework: string;
  /** Its package on PyPI. */
  name: string;
  /** What wrote it, where the file tells. */
  version: string | null;
}

const headBytes = 300;
const tailBytes = 200;

/**
 * What wrote a model file, by its bytes: XGBoost's JSON and UBJSON begin with the learner and end with the version, LightGBM's text
 * begins with `tree`, CatBoost's binary with CBM1.
 */
export function nativeModelOf(source: Source): NativeModel | undefined {
  const head = view(source, 0, Math.min(source.size, headBytes))?.toString("latin1") ?? "";
  if (/^\s*\{\s*"learner"\s*:\s*\{/.test(head))
    return xgboost(/"version"\s*:\s*\[\s*(\d+),\s*(\d+),\s*(\d+)\s*\]\s*\}\s*$/, source);
  if (head.startsWith("{L\0\0\0\0\0\0\0\x07learner{")) return xgboost(/version\[#L.{8}i(.)i(.)i(.)\}$/s, source);
  if (/^tree\r?\nversion=v\d/.test(head)) return { framework: "LightGBM", name: "lightgbm", version: null };
  if (head.startsWith("CBM1")) return { framework: "CatBoost", name: "catboost", version: null };
  return undefined;
}

function xgboost(ending: RegExp, source: Source): NativeModel {
  const length = Math.min(source.size, tailBytes);
  const tail = view(source, source.size - length, length)?.toString("latin1") ?? "";
  const parts = ending.exec(tail)?.slice(1);
  // UBJSON writes each number of the version as one byte
  const numbers = parts?.map((part) => (/^\d+$/.test(part) ? part : String(part.charCodeAt(0))));
  return { framework: "XGBoost", name: "xgboost", version: numbers?.join(".") ?? null };
}
