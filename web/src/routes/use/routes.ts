import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../root.tsx";

const services = createRoute({
  getParentRoute: () => rootRoute,
  path: "/use",
  component: lazyRouteComponent(() => import("./services-page.tsx"), "ServicesPage"),
});

export const useRoutes = [services] as const;
