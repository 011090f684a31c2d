import { Alert, Text } from "@mantine/core";
import type { OperationName } from "../../../src/contract/operations.ts";
import { wireOperations } from "../../../src/contract/wire-operations.gen.ts";

/** In place of what a role may not open: which role it takes. */
export function NotAllowed({
  to,
  operation,
}: {
  /** What it is, as: deploy a service. */ to: string;
  operation: OperationName;
}) {
  const { role } = wireOperations[operation];
  return (
    <Alert color="gray" variant="light">
      <Text size="sm">
        To {to} takes the role {role}
        {role === "admin" ? "" : " or a higher one"}. An admin gives it with a token.
      </Text>
    </Alert>
  );
}
