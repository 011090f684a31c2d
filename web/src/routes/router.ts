import { createRouter } from "@tanstack/react-router";
import { PageError } from "../ui/page-error.tsx";
import { homeRoutes } from "./home/routes.ts";
import { monitorRoutes } from "./monitor/routes.ts";
import { registerRoutes } from "./register/routes.ts";
import { rootRoute } from "./root.tsx";
import { settingsRoutes } from "./settings/routes.ts";
import { updateRoutes } from "./update/routes.ts";
import { useRoutes } from "./use/routes.ts";

/** Every page has a URL that can be sent to somebody else: what is filtered or chosen on it stands in the query. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...homeRoutes,
    ...registerRoutes,
    ...useRoutes,
    ...monitorRoutes,
    ...updateRoutes,
    ...settingsRoutes,
  ]),
  // what a page does not know of an address, such as marks of a mail program, is nothing to ask the server with
  search: { strict: true },
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: PageError,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
