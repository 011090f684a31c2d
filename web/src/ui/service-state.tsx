import type { Service } from "../../../src/contract/use.ts";
import { State } from "./state.tsx";

const colors: Record<Service["state"], string> = {
  ready: "green",
  starting: "blue",
  degraded: "orange",
  failed: "red",
  stopped: "gray",
  unknown: "yellow",
};

/** What the host says of a service. */
export const ServiceState = ({ state }: { state: Service["state"] }) => <State word={state} color={colors[state]} />;
