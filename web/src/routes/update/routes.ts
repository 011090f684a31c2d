import { createRoute } from "@tanstack/react-router";
import type { ChangeSearch } from "../../features/update/service-changes.tsx";
import { lazyPage } from "../lazy-page.ts";
import { rootRoute } from "../root.tsx";

const changes = createRoute({
  getParentRoute: () => rootRoute,
  path: "/update",
  component: lazyPage(() => import("./changes-page.tsx"), "ChangesPage"),
});

const service = createRoute({
  getParentRoute: () => rootRoute,
  path: "/update/services/$name",
  validateSearch: ({ change, to }: Record<string, unknown>): ChangeSearch => ({
    ...(change === "update" || change === "roll-back" ? { change } : {}),
    ...(typeof to === "number" && Number.isInteger(to) ? { to } : {}),
  }),
  component: lazyPage(() => import("./service-page.tsx"), "ServiceChangesPage"),
});

export const updateRoutes = [changes, service] as const;
