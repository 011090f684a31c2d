import { Button, CopyButton, Menu } from "@mantine/core";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { commandOf } from "./command-line.ts";
import { curlOf } from "./curl-line.ts";

/** What a button here would ask, for the terminal: as a command and as a request of curl. */
export function CopyAs<Name extends OperationName>({
  operation,
  input,
  command = commandOf(operation, input),
  label = "Copy as …",
}: {
  operation: Name;
  input: InputOf<Name>;
  /** In place of the derived command, where the command line goes another way. */
  command?: string;
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
        <CopyItem label="CLI command" text={command} />
        <CopyItem label="curl" text={curlOf(operation, input)} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** An entry of a menu that copies a text. */
export function CopyItem({ label, text }: { label: string; text: string }) {
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
