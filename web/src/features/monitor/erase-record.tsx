import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { type AnswerOf, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { countText } from "../../ui/numbers.ts";
import { forgetFeed } from "./use-record-feed.ts";

/** Erases all that is kept under the correlation id of a record. */
export function EraseRecord({ record: { correlationId, service } }: { record: AnswerOf<"getRecord"> }) {
  const erase = useChange("eraseRecords");
  const navigate = useNavigate();
  const may = useMay();
  if (!may("eraseRecords")) return null;
  const input = { correlationId, service };
  return (
    <Confirm
      label="Erase"
      title={`Erase ${correlationId} for ever?`}
      operation="eraseRecords"
      input={input}
      pending={erase.isPending}
      error={erase.error}
      onConfirm={async () => {
        const { records, collected, labels, datasets } = await erase.mutateAsync(input);
        forgetFeed();
        notifications.show({
          message: `${countText(records)} records, ${countText(collected)} collected entries and ${countText(labels)} labels are erased${datasets.length === 0 ? "" : `, and the data sets ${datasets.join(", ")}`}`,
        });
        await navigate({ to: "/monitor/records" });
      }}
    >
      <Text size="sm">
        Every record of {service} with this correlation id, or request id, goes out of the database and out of every
        file, with its labels and its rows in the samples of profiles. Data sets that hold one become erased. What
        arrives later under the id is not kept either. It cannot be taken back.
      </Text>
    </Confirm>
  );
}
