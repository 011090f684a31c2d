import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorCard } from "./error-card.tsx";

/** What a query brings, or that it is on its way, or why it failed. Old data stays visible when a refresh fails. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: Pick<UseQueryResult<Data>, "data" | "error">;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorCard error={query.error} />;
  return (
    <Stack gap="sm" aria-busy="true" aria-label="Loading">
      <Skeleton height={18} width="40%" />
      <Skeleton height={18} />
      <Skeleton height={18} width="70%" />
    </Stack>
  );
}
