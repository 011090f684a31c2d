import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { bytesText, countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

/** Where records are, how far they lag, and what is not there. */
export function RecordFlow() {
  const status = useQuery({ ...ask("getRecordStatus", {}), refetchInterval: 10_000 });
  return (
    <Section title="Records" actions={<CopyAs operation="getRecordStatus" input={{}} />}>
      <Loaded query={status}>
        {({ taken, fresh, filed, files, fileBytes, oldestAt, waitingBytes, dropped }) => (
          <Fields
            entries={[
              [
                "Taken over",
                <TextLink key="taken" inherit to="/monitor/records">
                  {countText(taken)}
                </TextLink>,
              ],
              ["In the database", countText(fresh)],
              [
                "In files",
                files === 0 ? "none" : `${countText(filed)} in ${countText(files)} files, ${bytesText(fileBytes)}`,
              ],
              ["Oldest in files", oldestAt === null ? undefined : <Time key="oldest" at={oldestAt} />],
              ["Waiting", waitingBytes === 0 ? "nothing: no lag" : `${bytesText(waitingBytes)} not taken over yet`],
              ["Not there", droppedText(dropped)],
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

/** Records that are not there, by reason. */
export const droppedText = (dropped: Record<string, number>): string =>
  Object.entries(dropped)
    .map(([reason, count]) => `${countText(count)} ${reason}`)
    .join(", ") || "none";
