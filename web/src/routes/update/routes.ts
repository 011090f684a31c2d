import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../root.tsx";

const changes = createRoute({
  getParentRoute: () => rootRoute,
  path: "/update",
  component: lazyRouteComponent(() => import("./changes-page.tsx"), "ChangesPage"),
});

export const updateRoutes = [changes] as const;
