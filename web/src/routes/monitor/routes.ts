import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../root.tsx";

const overview = createRoute({
  getParentRoute: () => rootRoute,
  path: "/monitor",
  component: lazyRouteComponent(() => import("./overview-page.tsx"), "OverviewPage"),
});

export const monitorRoutes = [overview] as const;
