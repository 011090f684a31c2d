/** Throws the error of a language for input that does not fit. */
export type Refuse = (reason: string) => never;

/** What a JSON value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return (
    { object: "an object", string: "a text", number: "a number", boolean: "a boolean" }[typeof value as string] ?? "odd"
  );
}

export function countOf(values: number): string {
  return values === 1 ? "1 value" : `${values} values`;
}

/** The JSON of a value, cut for a message. What is nested deeper than the stack is only named. */
export function brief(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? "nothing";
  } catch {
    return kindOf(value);
  }
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
