import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsSearch } from "../../features/settings/search.ts";
import { rootRoute } from "../root.tsx";

const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import("./settings-page.tsx"), "SettingsPage"),
});

export const settingsRoutes = [settings] as const;
