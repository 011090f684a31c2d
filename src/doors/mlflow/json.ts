/**
 * JSON as MLflow writes it: two spaces, and no member that is unset or empty. Numbers JSON has no words for are the texts of
 * protobuf. https://protobuf.dev/programming-guides/json
 */
export function toJson(value: object): string {
  return JSON.stringify(value, (_, member: unknown) => (isEmpty(member) ? undefined : asNumberText(member)), 2);
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

function asNumberText(value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
