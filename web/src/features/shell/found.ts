import { places } from "./places.ts";

export interface Found {
  kind: "page" | "service" | "model";
  label: string;
  about?: string;
  href: string;
}

const most = 8;

/** What fits a text: pages and services whose name has it somewhere, those that begin so first, and the models that the server found. */
export function found(
  text: string,
  services: readonly { name: string; models: readonly string[] }[],
  models: readonly { name: string }[],
): Found[] {
  const wanted = text.toLowerCase();
  const fits = (name: string) => name.toLowerCase().includes(wanted);
  const byPlace = (a: { name: string }, b: { name: string }) =>
    Number(b.name.startsWith(wanted)) - Number(a.name.startsWith(wanted));
  return [
    ...services
      .filter(({ name }) => fits(name))
      .sort(byPlace)
      .slice(0, most)
      .map(({ name, models }) => ({
        kind: "service" as const,
        label: name,
        about: models.join(", "),
        href: `/use/services/${encodeURIComponent(name)}`,
      })),
    ...models.slice(0, most).map(({ name }) => ({
      kind: "model" as const,
      label: name,
      href: `/register/models/${encodeURIComponent(name)}`,
    })),
    ...places
      .filter(({ label }) => fits(label))
      .map(({ label, about, to }) => ({ kind: "page" as const, label, about, href: to })),
  ];
}
