import { Alert, Group, Text } from "@mantine/core";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { ServiceState } from "../../ui/service-state.tsx";

/** The state of a service in a line below its name, and why when it is not as wanted. */
export function ServiceStanding({ service: { state, reason, models, revision } }: { service: ServiceDetail }) {
  return (
    <>
      <Group gap="xs" mt="-0.75rem">
        <ServiceState state={state} />
        <Text size="sm">{[...models, revision === 0 ? "no revision yet" : `revision ${revision}`].join(" · ")}</Text>
      </Group>
      {reason === null ? null : (
        <Alert color={state === "failed" ? "red" : "orange"} variant="light" title={`Why it is ${state}`}>
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {reason}
          </Text>
        </Alert>
      )}
    </>
  );
}
