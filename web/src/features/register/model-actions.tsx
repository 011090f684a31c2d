import { Button, List, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";

/** Gives a model another name. */
export function RenameModel({ name }: { name: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const navigate = useNavigate();
  const rename = useChange("renameModel", {
    onDone: (model) => {
      close();
      return navigate({ to: "/register/models/$name", params: { name: model.name }, replace: true });
    },
  });
  const may = useMay();
  if (!may("renameModel")) return null;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Rename
      </Button>
      <Dialog opened={isOpen} onClose={close} title={`Rename ${name}`}>
        <Text size="sm" mb="sm">
          Versions, aliases, tags, history and records move along; services keep running. Scripts that say the old name
          no longer find it.
        </Text>
        <OperationForm
          operation="renameModel"
          given={{ name }}
          fields={["newName"]}
          initial={{ newName: name }}
          labels={{ newName: "New name" }}
          submit="Rename"
          pending={rename.isPending}
          error={rename.error}
          onSubmit={(input) => rename.mutate(input)}
        />
      </Dialog>
    </>
  );
}

/** Deletes a model with all its versions, unless a service runs one. */
export function DeleteModel({ name }: { name: string }) {
  const navigate = useNavigate();
  const remove = useChange("deleteWholeModel", { onDone: () => navigate({ to: "/register" }) });
  const may = useMay();
  if (!may("deleteWholeModel")) return null;
  return (
    <Confirm
      label="Delete model"
      title={`Delete ${name} with all its versions?`}
      operation="deleteWholeModel"
      input={{ name }}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync({ name })}
    >
      <List size="sm" spacing={4}>
        <List.Item>
          All versions, their files and the unused images made of them go. This cannot be taken back.
        </List.Item>
        <List.Item>When a service holds a version, nothing is deleted and the services are named.</List.Item>
        <List.Item>History and records stay. A new model of this name counts its versions on.</List.Item>
      </List>
    </Confirm>
  );
}
