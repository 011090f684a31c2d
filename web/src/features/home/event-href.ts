/** The page of what an event happened to, by its subject, such as models/digits/versions/1. */
export function eventHref(subject: string): string | undefined {
  const [kind, name, , version] = subject.split("/").map(encodeURIComponent);
  if (name === undefined) return undefined;
  switch (kind) {
    case "models":
      return `/register/models/${name}${version === undefined ? "" : `/${version}`}`;
    case "services":
      return `/use/services/${name}`;
    case "images":
      return `/use/images/${name}`;
    case "alerts":
      return `/monitor/alerts/${name}`;
    case "datasets":
      return `/monitor/datasets/${name}`;
    case "tokens":
    case "webhooks":
      return `/settings?tab=${kind}`;
    default:
      return undefined;
  }
}
