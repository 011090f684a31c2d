import type { SpokenLanguage } from "../../../../src/contract/host.ts";
import type { Service, ServiceDetail } from "../../../../src/contract/use.ts";

// What stands in the addresses of the pages of this step. A value that is not understood counts as absent.

export const serviceStates: readonly Service["state"][] = [
  "ready",
  "starting",
  "degraded",
  "failed",
  "stopped",
  "unknown",
];
export const serviceTabs = ["overview", "try", "snippets", "keys", "logs"] as const;
export type ServiceTab = (typeof serviceTabs)[number];
export const spans = ["1h", "24h", "7d", "90d"] as const;
export type Span = (typeof spans)[number];
const languages: readonly SpokenLanguage[] = ["azure", "inference", "mlflow"];

export interface ServicesSearch {
  /** Part of a name or of a model. */
  q?: string;
  state?: Service["state"];
}

export interface ServiceSearch {
  tab?: ServiceTab;
  /** How far back the lines of the overview go. */
  span?: Span;
  /** How requests that are tried, and snippets, are written. */
  language?: SpokenLanguage;
  /** Of the log: only lines of this request, of this revision, with this text. */
  request?: string;
  revision?: number;
  text?: string;
}

/** What a tab of a service's page is given. */
export interface ServicePartProps {
  service: ServiceDetail;
  search: ServiceSearch;
  onSearch: (search: ServiceSearch) => void;
}

export interface DeploySearch {
  model?: string;
  image?: string;
  /** Name of the service. */
  name?: string;
}

export interface ImagesSearch {
  model?: string;
}

type Given = Record<string, unknown>;

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
const oneOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value);

/** Without members that are undefined: they would stand in the address. */
function known<Search extends object>(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search;
}

export const servicesSearch = ({ q, state }: Given): ServicesSearch =>
  known({ q: textOf(q), state: oneOf(serviceStates, state) });

export const serviceSearch = ({ tab, span, language, request, revision, text }: Given): ServiceSearch =>
  known({
    tab: oneOf(serviceTabs, tab),
    span: oneOf(spans, span),
    language: oneOf(languages, language),
    request: textOf(request),
    revision: Number.isInteger(Number(revision)) && Number(revision) > 0 ? Number(revision) : undefined,
    text: textOf(text),
  });

export const deploySearch = ({ model, image, name }: Given): DeploySearch =>
  known({ model: textOf(model), image: textOf(image), name: textOf(name) });

export const imagesSearch = ({ model }: Given): ImagesSearch => known({ model: textOf(model) });
