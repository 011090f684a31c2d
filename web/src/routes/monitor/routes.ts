import { createRoute } from "@tanstack/react-router";
import { given, textOf, wordOf } from "../../features/monitor/search-values.ts";
import { lazyPage } from "../lazy-page.ts";
import { rootRoute } from "../root.tsx";

type Search = Record<string, unknown>;
const getParentRoute = () => rootRoute;

const overview = createRoute({
  getParentRoute,
  path: "/monitor",
  validateSearch: ({ since }: Search) => given({ since: wordOf(["1h", "24h", "7d", "30d"], since) }),
  component: lazyPage(() => import("./overview-page.tsx"), "OverviewPage"),
});

const usage = createRoute({
  getParentRoute,
  path: "/monitor/usage",
  validateSearch: ({ by, since, service, model, unused }: Search) =>
    given({
      by: wordOf(["service", "model", "caller", "revision"], by),
      since: wordOf(["6h", "24h", "7d", "90d"], since),
      service: textOf(service),
      model: textOf(model),
      unused: wordOf(["1", "7", "30", "90"], textOf(unused)),
    }),
  component: lazyPage(() => import("./usage-page.tsx"), "UsagePage"),
});

const records = createRoute({
  getParentRoute,
  path: "/monitor/records",
  validateSearch: ({ service, model, status, since, correlationId, traceId }: Search) =>
    given({
      service: textOf(service),
      model: textOf(model),
      status: textOf(status),
      since: textOf(since),
      correlationId: textOf(correlationId),
      traceId: textOf(traceId),
    }),
  component: lazyPage(() => import("./records-page.tsx"), "RecordsPage"),
});

const record = createRoute({
  getParentRoute,
  path: "/monitor/records/$id",
  validateSearch: ({ mirrored }: Search) => given({ mirrored: mirrored === true ? true : undefined }),
  component: lazyPage(() => import("./record-page.tsx"), "RecordPage"),
});

const service = createRoute({
  getParentRoute,
  path: "/monitor/services/$name",
  validateSearch: ({ tab, column, side, window, revision, since, by }: Search) =>
    given({
      tab: wordOf(["drift", "quality", "data", "profile", "rules"], tab),
      /** The column whose drift is shown whole, and its side. */
      column: textOf(column),
      side: wordOf(["inputs", "predictions"], side),
      window: textOf(window),
      revision: typeof revision === "number" && Number.isInteger(revision) && revision > 0 ? revision : undefined,
      since: textOf(since),
      by: wordOf(["revision", "model"], by),
    }),
  component: lazyPage(() => import("./service-page.tsx"), "ServicePage"),
});

const alerts = createRoute({
  getParentRoute,
  path: "/monitor/alerts",
  validateSearch: ({ service, state }: Search) =>
    given({ service: textOf(service), state: wordOf(["ok", "pending", "firing"], state) }),
  component: lazyPage(() => import("./alerts-page.tsx"), "AlertsPage"),
});

const alert = createRoute({
  getParentRoute,
  path: "/monitor/alerts/$name",
  component: lazyPage(() => import("./alert-page.tsx"), "AlertPage"),
});

const labels = createRoute({
  getParentRoute,
  path: "/monitor/labels",
  validateSearch: ({ service, id, since }: Search) =>
    given({ service: textOf(service), id: textOf(id), since: textOf(since) }),
  component: lazyPage(() => import("./labels-page.tsx"), "LabelsPage"),
});

const datasets = createRoute({
  getParentRoute,
  path: "/monitor/datasets",
  validateSearch: ({ service }: Search) => given({ service: textOf(service) }),
  component: lazyPage(() => import("./datasets-page.tsx"), "DatasetsPage"),
});

const dataset = createRoute({
  getParentRoute,
  path: "/monitor/datasets/$name",
  /** Of several under the name, the first digits of the one that is meant. */
  validateSearch: ({ digest }: Search) => given({ digest: textOf(digest) }),
  component: lazyPage(() => import("./dataset-page.tsx"), "DatasetPage"),
});

const collections = createRoute({
  getParentRoute,
  path: "/monitor/collections",
  validateSearch: ({ service }: Search) => given({ service: textOf(service) }),
  component: lazyPage(() => import("./collections-page.tsx"), "CollectionsPage"),
});

const collection = createRoute({
  getParentRoute,
  path: "/monitor/collections/$service/$collection",
  validateSearch: ({ correlationId }: Search) => given({ correlationId: textOf(correlationId) }),
  component: lazyPage(() => import("./collection-page.tsx"), "CollectionPage"),
});

export const monitorRoutes = [
  overview,
  usage,
  records,
  record,
  service,
  alerts,
  alert,
  labels,
  datasets,
  dataset,
  collections,
  collection,
] as const;
