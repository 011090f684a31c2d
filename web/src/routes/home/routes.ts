import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "../lazy-page.ts";
import { rootRoute } from "../root.tsx";

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: lazyPage(() => import("./home-page.tsx"), "HomePage"),
});

export const homeRoutes = [home] as const;
