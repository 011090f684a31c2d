import type { OutputOf } from "../../../contract/operations.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

type Answer = OutputOf<"listUnusedModels">;

/** Those that a service has stand apart, above the others: they take memory. */
export const listUnusedModels: Presenter<"listUnusedModels"> = (answer, { now, input }) => {
  const days = String(input.days ?? 30);
  const whenEmpty = `Every version that was registered more than ${days} days ago was used since`;
  const part = (items: Answer["items"], title: string) => {
    if (items.length === 0) return [];
    const row = ({ model, version, lastUsedAt, registeredAt, services }: Answer["items"][number]) => [
      `${model}:${version}`,
      lastUsedAt === null ? "never" : timeText(lastUsedAt, now),
      timeText(registeredAt, now),
      services.join(" ") || null,
    ];
    const { data } = page({ items, nextPageToken: null }, ["MODEL", "LAST USED", "REGISTERED", "SERVICES"], row, "");
    return [`${title}:\n${data ?? ""}`];
  };
  const { talk } = page(answer, [], () => [], whenEmpty);
  const data = [
    ...part(
      answer.items.filter(({ services }) => services.length > 0),
      "Deployed, and not asked",
    ),
    ...part(
      answer.items.filter(({ services }) => services.length === 0),
      "Not deployed",
    ),
  ].join("\n\n");
  return { ...(data === "" ? {} : { data }), ...(talk === undefined ? {} : { talk }) };
};
