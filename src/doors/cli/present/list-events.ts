import type { Presenter } from "./presenter.ts";
import { table, timeText } from "./text.ts";

export const listEvents: Presenter<"listEvents"> = ({ items, next, more }, { now }) => {
  if (items.length === 0) return { talk: `No events. Read on from here later: modelyard events list --after ${next}` };
  const rows = items.map(({ sequence, time, type, subject, actor }) => [
    Number(sequence),
    timeText(Date.parse(time), now),
    type,
    subject,
    actor,
  ]);
  const talk = `${more ? "There is more" : "Read on from here later"}: add --after ${next}`;
  return { data: table(["SEQUENCE", "AT", "TYPE", "SUBJECT", "BY"], rows), talk };
};
