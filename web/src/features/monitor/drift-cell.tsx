import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ErrorCode, ModelyardError } from "../../../../src/contract/errors.ts";
import { type AnswerOf, ask } from "../../api.ts";
import { State } from "../../ui/state.tsx";
import { unknownText } from "../../ui/unknown-text.ts";

type Report = AnswerOf<"showDrift">;

/** Errors that are no failure, but the state of a service. */
const nothingToCompare: Partial<Record<ErrorCode, string>> = {
  "baseline-not-found": "no baseline",
  "records-off": "no records",
};

/** Whether a service drifts, in one word or two. */
export function DriftCell({ service }: { service: string }) {
  const drift = useQuery({ ...ask("showDrift", { service }), staleTime: 60_000 });
  if (drift.data !== undefined) {
    const { word, color } = driftVerdict(drift.data);
    return color === undefined ? <Quiet>{word}</Quiet> : <State word={word} color={color} />;
  }
  const code = drift.error instanceof ModelyardError ? drift.error.code : undefined;
  return <Quiet>{(code && nothingToCompare[code]) ?? unknownText(drift.error)}</Quiet>;
}

const Quiet = ({ children }: { children: string }) => (
  <Text component="span" size="sm" c="dimmed">
    {children}
  </Text>
);

/** What all columns of a report say together. */
export function driftVerdict({ inputs, predictions }: Pick<Report, "inputs" | "predictions">): {
  word: string;
  color?: string;
} {
  const columns = [...inputs.columns, ...(predictions?.columns ?? [])];
  const count = (state: string) => columns.filter((column) => column.state === state).length;
  const [drifting, suspected, unknown] = [count("drifting"), count("suspected"), count("not-enough-data")];
  if (drifting > 0) return { word: `${drifting} of ${columns.length} drift`, color: "red" };
  if (suspected > 0) return { word: `${suspected} suspected`, color: "yellow" };
  return unknown === columns.length ? { word: "not enough data" } : { word: "steady", color: "green" };
}
