import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type AnswerOf, ask, useChange } from "../../api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Fields } from "../../ui/fields.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { Deliveries } from "./deliveries.tsx";
import type { SettingsSearch } from "./search.ts";
import { WebhookState } from "./webhooks.tsx";

type Webhook = AnswerOf<"getWebhook">;

/** One webhook: what it sends, whether that arrives, and what can be done with it. */
export function WebhookDetail({
  id,
  status,
  onSearch,
}: {
  id: string;
  status: SettingsSearch["status"];
  onSearch: (search: SettingsSearch) => void;
}) {
  const webhook = useQuery({ ...ask("getWebhook", { id }), refetchInterval: 10_000 });
  return (
    <Stack gap="md">
      <TextLink to="/settings" search={{ tab: "webhooks" }} fz="sm">
        All webhooks
      </TextLink>
      <Loaded query={webhook}>
        {(webhook) => (
          <>
            <About webhook={webhook} onGone={() => onSearch({ tab: "webhooks" })} />
            <Deliveries
              id={id}
              status={status}
              onStatus={(status) =>
                onSearch({ tab: "webhooks", webhook: id, ...(status === undefined ? {} : { status }) })
              }
            />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function About({ webhook, onGone }: { webhook: Webhook; onGone: () => void }) {
  const { id, name, description, url, events, model, format, status, pending, dead, createdAt, createdBy } = webhook;
  const test = useChange("testWebhook");
  const remove = useChange("deleteWebhook");
  const change = useChange("updateWebhook");
  const turned = { id, status: status === "active" ? ("disabled" as const) : ("active" as const) };
  return (
    <Section
      title={name}
      actions={
        <>
          <Button size="xs" loading={test.isPending} onClick={() => test.mutate({ id })}>
            Send a test event
          </Button>
          <Button size="xs" variant="default" loading={change.isPending} onClick={() => change.mutate(turned)}>
            {status === "active" ? "Pause" : "Resume"}
          </Button>
          <Change webhook={webhook} />
          <Confirm
            label="Delete"
            title={`Delete webhook ${name}?`}
            operation="deleteWebhook"
            input={{ id }}
            pending={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutateAsync({ id }).then(onGone)}
          >
            <Text size="sm">
              Its log goes with it.{" "}
              {pending === 0 ? "Nothing waits to be sent." : `${pending} deliveries that wait are not sent.`}
            </Text>
          </Confirm>
          <CopyAs operation="testWebhook" input={{ id }} />
        </>
      }
    >
      {test.error !== null || change.error !== null ? <ErrorCard error={test.error ?? change.error} /> : null}
      {test.data === undefined ? null : <TestResult result={test.data} />}
      <Fields
        entries={[
          [
            "State",
            <Group gap="xs" key="state">
              <WebhookState status={status} />
              {status === "disabled" ? "It goes on where it stood when it is resumed" : null}
            </Group>,
          ],
          ["Sends to", url],
          ["Description", description],
          ["Events", `${events.join(", ") || "all"}${model === null ? "" : ` of model ${model}`}`],
          ["Format", format],
          ["Deliveries", `${pending} pending, ${dead} given up`],
          [
            "Made",
            <span key="made">
              by {createdBy}, <Time at={createdAt} />
            </span>,
          ],
        ]}
      />
    </Section>
  );
}

function TestResult({ result: { success, responseStatus, responseBody, error } }: { result: AnswerOf<"testWebhook"> }) {
  return (
    <Alert
      color={success ? "green" : "red"}
      role="status"
      title={success ? `It arrived: answered ${responseStatus}` : (error ?? `Answered ${responseStatus}`)}
    >
      {responseBody === null || responseBody === "" ? null : <Code block>{responseBody}</Code>}
    </Alert>
  );
}

function Change({ webhook: { id, name, description, url, events } }: { webhook: Webhook }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const change = useChange("updateWebhook");
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Change
      </Button>
      <Dialog opened={isOpen} onClose={close} title={`Change webhook ${name}`}>
        <OperationForm
          operation="updateWebhook"
          given={{ id }}
          fields={["name", "url", "events", "description"]}
          more={["secret", "from"]}
          initial={{ name, url, events, ...(description === null ? {} : { description }) }}
          labels={{ url: "URL", from: "From event" }}
          submit="Change"
          pending={change.isPending}
          error={change.error}
          onSubmit={(input) => change.mutate(input, { onSuccess: close })}
        />
      </Dialog>
    </>
  );
}
