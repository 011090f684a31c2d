import { Button, CopyButton, Menu } from "@mantine/core";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { commandOf } from "./command-line.ts";
import { curlOf } from "./curl-line.ts";

/** What a button here would ask, for the terminal: as a command and as a request of curl. */
export function CopyAs<Name extends OperationName>({
  operation,
  input,
  command = commandOf(operation, input),
  curl = curlOf(operation, input, window.location.origin),
  label = "Copy as …",
}: {
  operation: Name;
  input: InputOf<Name>;
  /** In place of the derived command, where the command line goes another way. */
  command?: string;
  /** In place of the derived request, where it takes several; null where there are too many. */
  curl?: string | null;
  /** Says what is copied where a page has several. */
  label?: string;
}) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs">
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <CopyItems command={command} curl={curl} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The entries of a menu that copy a command and its request, and what both need where they are pasted. */
export function CopyItems({ command, curl }: { command: string; curl: string | null }) {
  return (
    <>
      <CopyItem label="CLI command" text={command} />
      {curl === null ? null : <CopyItem label="curl" text={curl} />}
      <Menu.Label maw="18rem" fw={400}>
        curl takes the token from MODELYARD_TOKEN; so does the command on another machine, and the address from
        MODELYARD_URL.
      </Menu.Label>
    </>
  );
}

function CopyItem({ label, text }: { label: string; text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Menu.Item onClick={copy} closeMenuOnClick={false} title={text}>
          {copied ? "Copied" : `Copy as ${label}`}
        </Menu.Item>
      )}
    </CopyButton>
  );
}
