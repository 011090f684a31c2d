/** The values of an output, row-major, as onnxruntime hands them out. */
export interface Values {
  type: string;
  dims: readonly number[];
  data: ArrayLike<unknown>;
}

/**
 * An output as the JSON text of each of its rows, as the Python worker writes it: real numbers with a point, labels as they are,
 * what is no number as null. A single column is one value a row when `flat`. RangeError when it has not `count` rows.
 */
export function rowTexts({ type, dims, data }: Values, count: number, flat: boolean): string[] {
  if (dims[0] !== count) throw new RangeError(`the model answered ${dims[0] ?? "no"} rows for ${count}`);
  const inner = flat && dims.length === 2 && dims[1] === 1 ? [] : dims.slice(1);
  const size = inner.reduce((product, dim) => product * dim, 1);
  const write = writerOf(type);
  return Array.from({ length: count }, (_, row) => nested(data, row * size, inner, write));
}

function nested(
  data: ArrayLike<unknown>,
  start: number,
  dims: readonly number[],
  write: (value: unknown) => string,
): string {
  const [count, ...inner] = dims;
  if (count === undefined) return write(data[start]);
  const size = inner.reduce((product, dim) => product * dim, 1);
  let text = "";
  for (let at = 0; at < count; at += 1)
    text += `${at === 0 ? "" : ","}${nested(data, start + at * size, inner, write)}`;
  return `[${text}]`;
}

function writerOf(type: string): (value: unknown) => string {
  if (type === "float32" || type === "float64" || type === "float16") return (value) => realText(value as number);
  if (type === "string") return (value) => JSON.stringify(value);
  if (type === "bool") return (value) => String(Boolean(value));
  return String;
}

/** From 1e21 on JavaScript writes an exponent, which needs no point. */
function realText(value: number): string {
  if (!Number.isFinite(value)) return "null";
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}
