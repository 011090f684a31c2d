export const tabs = ["session", "tokens", "webhooks", "about"] as const;
export type Tab = (typeof tabs)[number];

export interface SettingsSearch {
  tab?: Tab;
  /** Id of the webhook that is looked at. */
  webhook?: string;
  /** Only deliveries in this state. */
  status?: "pending" | "delivered" | "dead";
}

const oneOf = <Text extends string>(texts: readonly Text[], value: unknown): Text | undefined =>
  texts.find((text) => text === value);

export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = oneOf(tabs, search.tab);
  const status = oneOf(["pending", "delivered", "dead"] as const, search.status);
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(typeof search.webhook === "string" ? { webhook: search.webhook } : {}),
    ...(status === undefined ? {} : { status }),
  };
}
