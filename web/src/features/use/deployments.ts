import { useSyncExternalStore } from "react";
import type { Progress } from "../../../../src/contract/operation.ts";
import type { InputOf } from "../../../../src/contract/operations.ts";
import { client, queryClient } from "../../api.ts";

export interface Deployment {
  name: string;
  startedAt: number;
  state: "running" | "done" | "failed";
  lines: readonly string[];
  error: unknown;
}

const mostLines = 500;

/**
 * Deployments of this window by the name of their service. They go on when their page is left, and the service's page shows them; the
 * server goes on even when the window is closed.
 */
const deployments = new Map<string, Deployment>();
const listeners = new Set<() => void>();

function set(name: string, change: Partial<Deployment>) {
  const old = deployments.get(name);
  if (old === undefined) return;
  deployments.set(name, { ...old, ...change });
  for (const listener of listeners) listener();
}

/** Starts one; it never rejects: how it goes is told by `useDeployment`. Resolves to whether it succeeded. */
export async function deploy(input: InputOf<"deployService">): Promise<boolean> {
  const { name } = input;
  deployments.set(name, { name, startedAt: Date.now(), state: "running", lines: [], error: null });
  const onProgress = (event: Progress) => {
    const line = event.event === "step" ? event.message : `  ${event.line}`;
    set(name, { lines: [...(deployments.get(name)?.lines ?? []), line].slice(-mostLines) });
  };
  set(name, {});
  try {
    await client.deployService(input, { onProgress });
    set(name, { state: "done" });
    return true;
  } catch (error) {
    set(name, { state: "failed", error });
    return false;
  } finally {
    void queryClient.invalidateQueries();
  }
}

/** Forgets one that has ended. */
export function forgetDeployment(name: string): void {
  if (deployments.get(name)?.state === "running") return;
  deployments.delete(name);
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The deployment of a service in this window, as it goes on. */
export const useDeployment = (name: string): Deployment | undefined =>
  useSyncExternalStore(subscribe, () => deployments.get(name));

let names: readonly string[] = [];
/** Names of the services that are being deployed by this window. */
export const useRunningDeployments = (): readonly string[] =>
  useSyncExternalStore(subscribe, () => {
    const now = [...deployments.values()].filter(({ state }) => state === "running").map(({ name }) => name);
    // the same list while nothing changed, as React compares them
    if (now.join() !== names.join()) names = now;
    return names;
  });
