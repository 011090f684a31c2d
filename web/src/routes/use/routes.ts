import { createRoute } from "@tanstack/react-router";
import { deploySearch, imagesSearch, serviceSearch, servicesSearch } from "../../features/use/search.ts";
import { lazyPage } from "../lazy-page.ts";
import { rootRoute } from "../root.tsx";

const services = createRoute({
  getParentRoute: () => rootRoute,
  path: "/use",
  validateSearch: servicesSearch,
  component: lazyPage(() => import("./services-page.tsx"), "ServicesPage"),
});

const service = createRoute({
  getParentRoute: () => rootRoute,
  path: "/use/services/$name",
  validateSearch: serviceSearch,
  component: lazyPage(() => import("./service-page.tsx"), "ServicePage"),
});

const deploy = createRoute({
  getParentRoute: () => rootRoute,
  path: "/use/deploy",
  validateSearch: deploySearch,
  component: lazyPage(() => import("./deploy-page.tsx"), "DeployPage"),
});

const images = createRoute({
  getParentRoute: () => rootRoute,
  path: "/use/images",
  validateSearch: imagesSearch,
  component: lazyPage(() => import("./images-page.tsx"), "ImagesPage"),
});

const image = createRoute({
  getParentRoute: () => rootRoute,
  path: "/use/images/$digest",
  component: lazyPage(() => import("./image-page.tsx"), "ImagePage"),
});

export const useRoutes = [services, service, deploy, images, image] as const;
