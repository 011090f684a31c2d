import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { State } from "../../ui/state.tsx";

type Word = ServiceDetail["replicas"][number]["state"];

const colors: Record<Word, string> = {
  ready: "green",
  starting: "blue",
  backoff: "orange",
  failed: "red",
  stopping: "gray",
};

/** What the host says of one replica. */
export const ReplicaState = ({ state }: { state: Word }) => <State word={state} color={colors[state]} />;
