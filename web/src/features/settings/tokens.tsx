import { Button, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type AnswerOf, askPages, useChange } from "../../api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { Secret } from "./secret.tsx";

type Token = AnswerOf<"listTokens">["items"][number];

const columns = ["Name", "Role", "State", "Created", "Expires", { label: "Actions", hidden: true }] as const;

/** Who may ask this server, and how that is given and taken. */
export function Tokens() {
  const tokens = useInfiniteQuery(askPages("listTokens", { pageSize: 50 }));
  return (
    <Section title="Tokens" actions={<NewToken />}>
      <Text size="sm" c="dimmed">
        A reader looks, a scorer also sends requests, a contributor also changes, an admin also manages tokens and
        webhooks.
      </Text>
      <Loaded query={tokens}>
        {({ items }) => (
          <>
            <DataTable label="Table of tokens" columns={columns} minWidth={680}>
              {items.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </DataTable>
            <More of={tokens} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function TokenRow({ token: { id, name, role, createdAt, expiresAt, revokedAt } }: { token: Token }) {
  const revoke = useChange("revokeToken");
  const isOver = expiresAt !== null && expiresAt <= Date.now();
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>{role}</Table.Td>
      <Table.Td>
        {revokedAt !== null ? (
          <>
            <State word="revoked" /> <Time at={revokedAt} />
          </>
        ) : isOver ? (
          <State word="expired" />
        ) : (
          <State word="valid" color="green" />
        )}
      </Table.Td>
      <Table.Td>
        <Time at={createdAt} />
      </Table.Td>
      <Table.Td>{expiresAt === null ? "never" : <Time at={expiresAt} />}</Table.Td>
      <Table.Td ta="right">
        {revokedAt !== null || isOver ? null : (
          <Confirm
            label="Revoke"
            title={`Revoke ${name}?`}
            operation="revokeToken"
            input={{ id }}
            pending={revoke.isPending}
            error={revoke.error}
            onConfirm={() => revoke.mutateAsync({ id })}
          >
            <Text size="sm">
              Whoever uses it is refused from this moment, and so are the browsers that signed in with it. It cannot be
              made valid again.
            </Text>
          </Confirm>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function NewToken() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const create = useChange("createToken");
  const end = () => {
    close();
    create.reset();
  };
  return (
    <>
      <Button size="xs" onClick={open}>
        New token
      </Button>
      <Dialog opened={isOpen} onClose={end} title="New token">
        {create.data === undefined ? (
          <OperationForm
            operation="createToken"
            fields={["name", "role", "expires"]}
            initial={{ role: "reader" }}
            submit="Make token"
            pending={create.isPending}
            error={create.error}
            onSubmit={create.mutate}
          />
        ) : (
          <Secret text={create.data.token} label="Token">
            {`Commands read it from MODELYARD_TOKEN; requests send it as Authorization: Bearer.`}
          </Secret>
        )}
      </Dialog>
    </>
  );
}
