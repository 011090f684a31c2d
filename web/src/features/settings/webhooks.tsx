import { Button, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages, useChange } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Empty } from "../../ui/empty.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Secret } from "./secret.tsx";

const columns = [
  "Name",
  "Sends to",
  "Events",
  "Format",
  "State",
  { label: "Pending", align: "right" },
  { label: "Given up", align: "right" },
] as const;

/** Where events are sent. */
export function Webhooks() {
  const webhooks = useInfiniteQuery({ ...askPages("listWebhooks", { pageSize: 50 }), refetchInterval: 10_000 });
  return (
    <Section title="Webhooks" actions={<NewWebhook />}>
      <Loaded query={webhooks}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty command="modelyard webhook create --url https://ci.example.org/hook --event version.created">
                Nobody is told of events yet. A webhook sends them, signed, to a URL; as text to Slack and Teams.
              </Empty>
            );
          return (
            <>
              <DataTable label="Table of webhooks" columns={columns} minWidth={820}>
                {items.map(({ id, name, url, events, model, format, status, pending, dead }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <TextLink to="/settings" search={{ tab: "webhooks", webhook: id }} fw={500}>
                        {name}
                      </TextLink>
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" lineClamp={3} title={url}>
                        {url}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {events.join(", ") || "all"}
                      {model === null ? "" : ` of ${model}`}
                    </Table.Td>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>{format}</Table.Td>
                    <Table.Td>
                      <WebhookState status={status} />
                    </Table.Td>
                    <Table.Td ta="right">{countText(pending)}</Table.Td>
                    <Table.Td ta="right">{countText(dead)}</Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
              <More of={webhooks} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

export const WebhookState = ({ status }: { status: "active" | "disabled" }) =>
  status === "active" ? <State word="active" color="green" /> : <State word="paused" color="yellow" />;

function NewWebhook() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const create = useChange("createWebhook");
  const end = () => {
    close();
    create.reset();
  };
  return (
    <>
      <Button size="xs" onClick={open}>
        New webhook
      </Button>
      <Dialog opened={isOpen} onClose={end} title="New webhook">
        {create.data === undefined ? (
          <OperationForm
            operation="createWebhook"
            fields={["url", "name", "events", "format"]}
            more={["model", "description", "secret", "from"]}
            labels={{ url: "URL", from: "From event" }}
            submit="Make webhook"
            pending={create.isPending}
            error={create.error}
            onSubmit={create.mutate}
          />
        ) : (
          <>
            <Secret text={create.data.secret} label="Secret">
              {`Each delivery is signed with it in X-Modelyard-Signature; the receiver checks that.`}
            </Secret>
            <Text size="sm" mt="sm">
              <TextLink to="/settings" search={{ tab: "webhooks", webhook: create.data.id }} onClick={end}>
                Send it a test event
              </TextLink>
            </Text>
          </>
        )}
      </Dialog>
    </>
  );
}
