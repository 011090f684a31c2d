import { type QueryKey, queryOptions, useQuery } from "@tanstack/react-query";
import { errorOfAnswer } from "../../src/client/remote-error.ts";
import { ModelyardError } from "../../src/contract/errors.ts";
import type { OperationName } from "../../src/contract/operations.ts";
import { roleIncludes } from "../../src/contract/roles.ts";
import { wireOperations } from "../../src/contract/wire-operations.gen.ts";
import { type AnswerOf, client } from "./api.ts";

type Session = AnswerOf<"getSession">;

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["getSession", {}] as QueryKey,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await client.getSession();
    } catch (error) {
      if (error instanceof ModelyardError && error.code === "unauthenticated") return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** Whether who is signed in may ask for an operation: what they may not is not shown; the server refuses it anyway. */
export function useMay(): (name: OperationName) => boolean {
  const { data } = useQuery(sessionQuery);
  return (name) => data != null && roleIncludes(data.role, wireOperations[name].role);
}

/** Trades the code of a one-time link, or a token, for a session. Error: unauthenticated and what the connection says. */
export const signIn = (secret: { code: string } | { token: string }): Promise<void> => atDoor("POST", secret);

export const signOut = (): Promise<void> => atDoor("DELETE");

async function atDoor(method: string, body?: object): Promise<void> {
  const answer = await fetch("/session", {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (answer.ok) return;
  throw await errorOfAnswer(answer, window.location.origin);
}
