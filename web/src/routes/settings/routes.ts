import { createRoute } from "@tanstack/react-router";
import { settingsSearch } from "../../features/settings/search.ts";
import { lazyPage } from "../lazy-page.ts";
import { rootRoute } from "../root.tsx";

const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  validateSearch: settingsSearch,
  component: lazyPage(() => import("./settings-page.tsx"), "SettingsPage"),
});

export const settingsRoutes = [settings] as const;
