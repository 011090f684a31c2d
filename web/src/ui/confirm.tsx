import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { CopyAs } from "./copy-as.tsx";
import { Dialog } from "./dialog.tsx";
import { FreshError } from "./fresh-error.tsx";

/** A button for what cannot be taken back, or has consequences: they are said before it is done. */
export function Confirm<Name extends OperationName>({
  label,
  title,
  operation,
  input,
  pending,
  error,
  onConfirm,
  color = "red",
  variant = "light",
  children,
}: {
  label: string;
  /** The question, such as: Delete digits:1? */
  title: string;
  operation: Name;
  input: InputOf<Name>;
  pending: boolean;
  error: unknown;
  /** Does it; the dialog closes when the promise is fulfilled. */
  onConfirm: () => Promise<unknown>;
  color?: string;
  /** How loud the button is that opens it: in a row of a table `subtle`. */
  variant?: "light" | "subtle";
  /** The consequences in words. */
  children: ReactNode;
}) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant={variant} size="xs" color={color} onClick={open}>
        {label}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={title}>
        <Stack>
          {children}
          <FreshError error={error} />
          <Group gap="xs">
            <Button color={color} loading={pending} onClick={() => void onConfirm().then(close, () => {})}>
              {label}
            </Button>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <CopyAs operation={operation} input={input} />
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
