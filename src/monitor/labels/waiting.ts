import type { LabelOutcome } from "../../contract/labels.ts";
import type { MonitorPorts } from "../ports.ts";
import { keptRows } from "./kept-rows.ts";
import type { OneLabel } from "./rows.ts";

/** Labels whose records are looked up together: each time files of records may be read. */
const labelsAtOnce = 100_000;

/** Ids that are named: enough to see what is wrong with them. */
const mostNamed = 10;

/** Counts labels that belong to no row that is kept, and names the first ids. */
export interface WaitingLabels {
  add(labels: readonly OneLabel[]): Promise<void>;
  told(): Promise<Waiting>;
}

export type Waiting = Pick<LabelOutcome, "waiting" | "waitingIds" | "beyond" | "beyondIds">;

export function waitingLabels(ports: Pick<MonitorPorts, "db" | "files">, service: string): WaitingLabels {
  let rows = new Map<string, number[]>();
  let count = 0;
  const told: Waiting = { waiting: 0, waitingIds: [], beyond: 0, beyondIds: [] };
  const settle = async () => {
    const kept = await keptRows(ports, service, highestRows(rows));
    for (const [id, labels] of rows) {
      const there = kept.get(id);
      const apart = there === undefined ? labels.length : labels.filter((row) => row >= there).length;
      if (apart === 0) continue;
      const [number, ids] =
        there === undefined ? (["waiting", "waitingIds"] as const) : (["beyond", "beyondIds"] as const);
      told[number] += apart;
      if (told[ids].length < mostNamed) told[ids].push(id);
    }
    rows = new Map();
    count = 0;
  };
  return {
    async add(labels) {
      for (const { id, row } of labels) {
        const others = rows.get(id);
        if (others === undefined) rows.set(id, [row]);
        else others.push(row);
      }
      count += labels.length;
      if (count >= labelsAtOnce) await settle();
    },
    async told() {
      await settle();
      return told;
    },
  };
}

const highestRows = (rows: ReadonlyMap<string, readonly number[]>): Map<string, number> =>
  new Map([...rows].map(([id, labels]) => [id, labels.reduce((highest, row) => Math.max(highest, row), 0)]));
