/** The pages that every page leads to. */
export const places = [
  { to: "/", label: "Home", key: "h", about: "What is live, how it does, what changed" },
  { to: "/register", label: "Register", key: "r", about: "Models and their versions" },
  { to: "/use", label: "Use", key: "u", about: "Services that answer requests" },
  { to: "/monitor", label: "Monitor", key: "m", about: "Traffic, records, drift, alerts" },
  { to: "/update", label: "Update", key: "p", about: "Revisions, updates, going back" },
  { to: "/settings", label: "Settings", key: "s", about: "Tokens, webhooks, session, addresses" },
] as const;
export type Place = (typeof places)[number];
