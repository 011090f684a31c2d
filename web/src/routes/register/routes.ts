import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "../lazy-page.ts";
import { rootRoute } from "../root.tsx";

interface ModelsSearch {
  /** What stands in the search box: words of a name, or a filter as `model names --filter` takes it. */
  filter?: string;
}
interface CompareSearch {
  /** Versions as `name:version`. */
  a?: string;
  b?: string;
}

const textOf = (value: unknown): string | undefined =>
  (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;

/** Members of a query that are texts, those that are there. */
const texts = <Name extends string>(search: Record<string, unknown>, names: readonly Name[]) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(search[name]);
      return text === undefined ? [] : [[name, text]];
    }),
  ) as { [Member in Name]?: string };

const models = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register",
  validateSearch: (search: Record<string, unknown>): ModelsSearch => texts(search, ["filter"]),
  component: lazyPage(() => import("./models-page.tsx"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register/models/$name",
  component: lazyPage(() => import("./model-page.tsx"), "ModelPage"),
});

const version = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register/models/$name/$version",
  component: lazyPage(() => import("./version-page.tsx"), "VersionPage"),
});

const compare = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register/compare",
  validateSearch: (search: Record<string, unknown>): CompareSearch => texts(search, ["a", "b"]),
  component: lazyPage(() => import("./compare-page.tsx"), "ComparePage"),
});

const upload = createRoute({
  getParentRoute: () => rootRoute,
  path: "/register/upload",
  validateSearch: (search: Record<string, unknown>): { model?: string } => texts(search, ["model"]),
  component: lazyPage(() => import("./upload-page.tsx"), "UploadPage"),
});

export const registerRoutes = [models, model, version, compare, upload] as const;
