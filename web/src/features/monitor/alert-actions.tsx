import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { type Alert, isSilent } from "./alert-state.tsx";

/** Silence, its end, and the end of the alert itself. */
export function AlertActions({ alert }: { alert: Alert }) {
  const may = useMay();
  return (
    <>
      {may("silenceAlert") ? <Silence alert={alert} /> : null}
      {may("deleteAlert") ? <Delete name={alert.name} /> : null}
    </>
  );
}

function Silence({ alert }: { alert: Alert }) {
  const { name } = alert;
  const [isOpen, { open, close }] = useDisclosure(false);
  const silence = useChange("silenceAlert");
  if (isSilent(alert)) {
    const input = { name, for: "0m" };
    return (
      <Confirm
        label="End silence"
        title={`End the silence of ${name}?`}
        operation="silenceAlert"
        input={input}
        color="green"
        pending={silence.isPending}
        error={silence.error}
        onConfirm={() => silence.mutateAsync(input)}
      >
        <Text size="sm">What is different from when it began is told now, once; from then on it tells as ever.</Text>
      </Confirm>
    );
  }
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Silence
      </Button>
      <Dialog opened={isOpen} onClose={close} title={`Silence ${name}`}>
        <OperationForm
          operation="silenceAlert"
          given={{ name }}
          fields={["for", "reason"]}
          initial={{ for: "2h" }}
          submit="Silence"
          pending={silence.isPending}
          error={silence.error}
          onSubmit={(input) => silence.mutate(input, { onSuccess: close })}
        >
          <Text size="sm">
            It is looked at all the same and tells nothing. What is different when the silence ends is told then, once.
          </Text>
        </OperationForm>
      </Dialog>
    </>
  );
}

function Delete({ name }: { name: string }) {
  const remove = useChange("deleteAlert");
  const navigate = useNavigate();
  return (
    <Confirm
      label="Delete"
      title={`Delete the alert ${name}?`}
      operation="deleteAlert"
      input={{ name }}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={async () => {
        await remove.mutateAsync({ name });
        await navigate({ to: "/monitor/alerts" });
      }}
    >
      <Text size="sm">
        Nobody is told any more when its condition holds; what fires now is over without another word.
      </Text>
    </Confirm>
  );
}
