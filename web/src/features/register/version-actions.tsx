import { Button, List, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { type AnswerOf, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { ServiceLinks } from "./service-links.tsx";

type Version = AnswerOf<"getModel">;

/** Hides a version, or brings it back. */
export function ArchiveVersion({ version: { name, version, reference, archivedAt, services } }: { version: Version }) {
  const may = useMay();
  const archive = useChange("archiveVersion");
  const restore = useChange("restoreVersion");
  const input = { name, version };
  if (!may("archiveVersion")) return null;
  return archivedAt === null ? (
    <Confirm
      key="archive"
      label="Archive"
      title={`Archive ${reference}?`}
      color="orange"
      operation="archiveVersion"
      input={input}
      pending={archive.isPending}
      error={archive.error}
      onConfirm={() => archive.mutateAsync(input)}
    >
      <Text size="sm">
        It is hidden from lists and is not deployed anew.{" "}
        {services.length > 0 ? "The services that run it go on. " : ""}
        It can be restored at any time.
      </Text>
    </Confirm>
  ) : (
    <Confirm
      key="restore"
      label="Restore"
      title={`Restore ${reference}?`}
      color="cyan"
      operation="restoreVersion"
      input={input}
      pending={restore.isPending}
      error={restore.error}
      onConfirm={() => restore.mutateAsync(input)}
    >
      <Text size="sm">It is listed again and can be deployed.</Text>
    </Confirm>
  );
}

/** Deletes a version; which services hold it is said before it is tried. */
export function DeleteVersion({ version: { name, version, reference, services } }: { version: Version }) {
  const may = useMay();
  const navigate = useNavigate();
  const remove = useChange("deleteModel", {
    onDone: () => navigate({ to: "/register/models/$name", params: { name } }),
  });
  const input = { name, version };
  if (!may("deleteModel")) return null;
  return (
    <Confirm
      label="Delete"
      title={`Delete ${reference}?`}
      operation="deleteModel"
      input={input}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync(input)}
    >
      <List size="sm" spacing={4}>
        <List.Item>Its files and the unused images made of it go. This cannot be taken back.</List.Item>
        <List.Item>The number {version} is not given again. History and records stay.</List.Item>
        <List.Item>A version that a service holds, also to roll back to, is not deleted.</List.Item>
      </List>
      {services.length === 0 ? null : (
        <Text size="sm" component="div">
          It runs now in: <ServiceLinks services={services} limit={20} />. Update or delete{" "}
          {services.length === 1 ? "this service" : "these services"} first.
        </Text>
      )}
    </Confirm>
  );
}

/** Puts a version into a stage of MLflow. */
export function SetStage({ version: { name, version, reference, stage } }: { version: Version }) {
  const may = useMay();
  const [isOpen, { open, close }] = useDisclosure(false);
  const transition = useChange("transitionStage");
  if (!may("transitionStage")) return null;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Set stage
      </Button>
      <Dialog opened={isOpen} onClose={close} title={`Stage of ${reference}`}>
        <OperationForm
          operation="transitionStage"
          given={{ name, version }}
          fields={["stage", "archiveExisting"]}
          initial={{ stage }}
          submit="Set stage"
          pending={transition.isPending}
          error={transition.error}
          onSubmit={(input) => transition.mutate(input, { onSuccess: close })}
        />
      </Dialog>
    </>
  );
}

/** Adds pairs that are written once. */
export function AddProperty({ version: { name, version, reference } }: { version: Version }) {
  const may = useMay();
  const [isOpen, { open, close }] = useDisclosure(false);
  const add = useChange("tagModel");
  if (!may("tagModel")) return null;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Add property
      </Button>
      <Dialog opened={isOpen} onClose={close} title={`Add properties to ${reference}`}>
        <Text size="sm" mb="sm">
          A property is written once: it can be neither changed nor removed.
        </Text>
        <OperationForm
          operation="tagModel"
          given={{ name, version }}
          fields={["properties"]}
          submit="Add"
          pending={add.isPending}
          error={add.error}
          onSubmit={(input) => add.mutate(input, { onSuccess: close })}
        />
      </Dialog>
    </>
  );
}
