import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyText } from "./copy-text.tsx";

/** A list without entries: what would stand here, and the command or the button that fills it. */
export function Empty({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <Stack gap="xs" py="lg">
      <Text>{children}</Text>
      {command === undefined ? null : <CopyText text={command} label={command} />}
    </Stack>
  );
}
