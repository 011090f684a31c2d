import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Progress } from "../../../../src/contract/operation.ts";
import { useChange } from "../../api.ts";

const mostLines = 1000;
const noLines: readonly string[] = [];

/**
 * Updates and rolls back a service, with what is told meanwhile. The lines outlive the page: who leaves it and comes back sees them; the
 * server goes on in any case.
 */
export function useRollOut(name: string) {
  const queries = useQueryClient();
  const queryKey = ["rollOut", name];
  const { data: lines = noLines } = useQuery({ queryKey, queryFn: () => noLines, enabled: false });
  const onProgress = (event: Progress) =>
    queries.setQueryData<readonly string[]>(queryKey, (old = []) =>
      [...old, event.event === "log" ? event.line : event.message].slice(-mostLines),
    );
  const update = useChange("updateService", { onProgress });
  const rollBack = useChange("rollBackService", { onProgress });
  const forget = () => {
    queries.setQueryData(queryKey, noLines);
    update.reset();
    rollBack.reset();
  };
  const isPending = update.isPending || rollBack.isPending;
  return { lines, isPending, error: update.error ?? rollBack.error, forget, update, rollBack };
}
export type RollOut = ReturnType<typeof useRollOut>;
