import { List } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { ButtonLink } from "../../ui/links.tsx";

/** What can be done with a service as a whole. */
export function ServiceActions({ service: { name, state } }: { service: ServiceDetail }) {
  const may = useMay();
  return (
    <>
      <ButtonLink to="/update/services/$name" params={{ name }} variant="default" size="xs">
        {may("updateService") ? "Revisions and update" : "Revisions"}
      </ButtonLink>
      {may("startService") && state === "stopped" ? <Start name={name} /> : null}
      {may("stopService") && state !== "stopped" ? <Stop name={name} /> : null}
      {may("deleteService") ? <Delete name={name} /> : null}
    </>
  );
}

function Start({ name }: { name: string }) {
  const start = useChange("startService");
  return (
    <Confirm
      label="Start"
      title={`Start ${name}?`}
      operation="startService"
      input={{ name }}
      color="green"
      pending={start.isPending}
      error={start.error}
      onConfirm={() => start.mutateAsync({ name })}
    >
      <List size="sm">
        <List.Item>Its workers start with the revision and the settings it had.</List.Item>
        <List.Item>The same URL and keys answer again when they are ready.</List.Item>
      </List>
    </Confirm>
  );
}

function Stop({ name }: { name: string }) {
  const stop = useChange("stopService");
  return (
    <Confirm
      label="Stop"
      title={`Stop ${name}?`}
      operation="stopService"
      input={{ name }}
      color="orange"
      pending={stop.isPending}
      error={stop.error}
      onConfirm={() => stop.mutateAsync({ name })}
    >
      <List size="sm">
        <List.Item>Requests in work are finished; new ones are refused until it is started again.</List.Item>
        <List.Item>Name, URL, keys, revisions, records and history stay.</List.Item>
      </List>
    </Confirm>
  );
}

function Delete({ name }: { name: string }) {
  const navigate = useNavigate();
  const remove = useChange("deleteService", { onDone: () => navigate({ to: "/use" }) });
  return (
    <Confirm
      label="Delete"
      title={`Delete ${name}?`}
      operation="deleteService"
      input={{ name }}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync({ name })}
    >
      <List size="sm">
        <List.Item>Its URL stops answering at once, for every client.</List.Item>
        <List.Item>
          Its keys are gone for ever: a new service of this name gets other ones. To pause it, stop it instead.
        </List.Item>
        <List.Item>Its records, its history, its images and its models stay.</List.Item>
      </List>
    </Confirm>
  );
}
