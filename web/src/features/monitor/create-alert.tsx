import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { ServiceInput } from "./service-input.tsx";

/** A button that opens the form of a new alert. */
export function CreateAlert({ service }: { service: string | undefined }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const create = useChange("createAlert");
  const navigate = useNavigate();
  const may = useMay();
  if (!may("createAlert")) return null;
  return (
    <>
      <Button size="xs" onClick={open}>
        New alert
      </Button>
      <Dialog opened={isOpen} onClose={close} title="New alert" size="lg">
        <OperationForm
          operation="createAlert"
          fields={["name", "when", "service", "description"]}
          initial={{ when: "p95 > 200ms clear 150ms for 5m", ...(service === undefined ? {} : { service }) }}
          labels={{ when: "Condition" }}
          inputs={{ service: ServiceInput }}
          submit="Create alert"
          pending={create.isPending}
          error={create.error}
          onSubmit={(input) =>
            create.mutate(input, {
              onSuccess: ({ name }) => {
                close();
                void navigate({ to: "/monitor/alerts/$name", params: { name } });
              },
            })
          }
        >
          <ConditionHint />
        </OperationForm>
      </Dialog>
    </>
  );
}

export const ConditionHint = () => (
  <Text size="sm" c="dimmed">
    Signals: p50 p95 p99 · idle · requests rows rate · error_rate server_errors · drifting drift_score drift(column)
    missing(column) · measured(accuracy) estimated(accuracy). A window: over 1h. For how long: for 5m. Several: and.
  </Text>
);
