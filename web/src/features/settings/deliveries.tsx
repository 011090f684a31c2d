import { Button, Group, SegmentedControl, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type AnswerOf, askPages, useChange } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";

type Delivery = AnswerOf<"listDeliveries">["items"][number];

const columns = [
  { label: "Event", align: "right" },
  "Type",
  "About",
  "State",
  { label: "Attempts", align: "right" },
  "Last tried",
  "Answer",
  { label: "Actions", hidden: true },
] as const;
const colors = { pending: "blue", delivered: "green", dead: "red" };
const words = { pending: "pending", delivered: "delivered", dead: "given up" };

/** What was sent, what waits, and what was given up; each can be sent again. */
export function Deliveries({
  id,
  status,
  onStatus,
}: {
  id: string;
  status: Delivery["status"] | undefined;
  onStatus: (status: Delivery["status"] | undefined) => void;
}) {
  const deliveries = useInfiniteQuery({
    ...askPages("listDeliveries", { id, pageSize: 50, ...(status === undefined ? {} : { status }) }),
    refetchInterval: 10_000,
  });
  const redeliver = useChange("redeliverEvent");
  return (
    <Section
      title="Deliveries"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="State of the deliveries"
          value={status ?? "all"}
          onChange={(value) => onStatus(value === "all" ? undefined : (value as Delivery["status"]))}
          data={[
            { value: "all", label: "All" },
            ...(["pending", "delivered", "dead"] as const).map((value) => ({ value, label: words[value] })),
          ]}
        />
      }
    >
      {redeliver.error === null ? null : <ErrorCard error={redeliver.error} />}
      <Loaded query={deliveries}>
        {({ items }) => {
          if (items.length === 0)
            return <Text size="sm">No delivery{status === undefined ? " yet" : " in this state"}.</Text>;
          return (
            <>
              <DataTable label="Table of deliveries" columns={columns} minWidth={900}>
                {items.map((delivery) => (
                  <DeliveryRow
                    key={delivery.id}
                    webhook={id}
                    delivery={delivery}
                    pending={redeliver.isPending && redeliver.variables.event === delivery.id}
                    onAgain={() => redeliver.mutate({ id, event: delivery.id })}
                  />
                ))}
              </DataTable>
              <More of={deliveries} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function DeliveryRow({
  webhook,
  delivery: { id: event, sequence, type, subject, status, attempts, nextAt, at, responseStatus, error },
  pending,
  onAgain,
}: {
  webhook: string;
  delivery: Delivery;
  pending: boolean;
  onAgain: () => void;
}) {
  return (
    <Table.Tr>
      <Table.Td ta="right">{sequence}</Table.Td>
      <Table.Td>{type.replace(/^modelyard\./, "")}</Table.Td>
      <Table.Td>{subject}</Table.Td>
      <Table.Td>
        <State word={words[status]} color={colors[status]} />
        {nextAt === null ? null : (
          <Text size="xs" c="dimmed">
            next <Time at={nextAt} />
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{attempts}</Table.Td>
      <Table.Td>{at === null ? "–" : <Time at={at} />}</Table.Td>
      <Table.Td>{error ?? responseStatus ?? "–"}</Table.Td>
      <Table.Td ta="right">
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button variant="default" size="xs" loading={pending} onClick={onAgain}>
            Send again
          </Button>
          <CopyAs operation="redeliverEvent" input={{ id: webhook, event }} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
