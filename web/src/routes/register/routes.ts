import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../root.tsx";

export interface ModelsSearch {
  /** Filter as `model list --filter` takes it. */
  filter?: string;
}

const models = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register",
  validateSearch: ({ filter }: Record<string, unknown>): ModelsSearch =>
    typeof filter === "string" && filter !== "" ? { filter } : {},
  component: lazyRouteComponent(() => import("./models-page.tsx"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register/models/$name",
  component: lazyRouteComponent(() => import("./model-page.tsx"), "ModelPage"),
});

export const registerRoutes = [models, model] as const;
