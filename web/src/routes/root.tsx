import { createRootRoute } from "@tanstack/react-router";
import { Shell } from "../features/shell/shell.tsx";
import { ErrorCard } from "../ui/error-card.tsx";
import { NotFound } from "../ui/not-found.tsx";

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <ErrorCard error={error} />,
});
