import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { State } from "../../ui/state.tsx";

type Word = ServiceDetail["state"] | ServiceDetail["replicas"][number]["state"];

const colors: Record<Word, string> = {
  ready: "green",
  starting: "blue",
  degraded: "orange",
  failed: "red",
  backoff: "orange",
  stopping: "gray",
  stopped: "gray",
  unknown: "yellow",
};

/** The state of a service or of one of its replicas. */
export const StateWord = ({ state }: { state: Word }) => <State word={state} color={colors[state]} />;
