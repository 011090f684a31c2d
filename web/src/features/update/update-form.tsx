import { Box } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { InputOf } from "../../../../src/contract/operations.ts";
import type { Settings } from "../../../../src/contract/settings.ts";
import { useChange } from "../../api.ts";
import { FieldInput, type FieldInputProps } from "../../ui/form/field-input.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { Section } from "../../ui/section.tsx";
import type { Service } from "./history.ts";
import { UpdatePlan } from "./update-plan.tsx";
import type { RollOut } from "./use-roll-out.ts";
import { VersionInput } from "./version-input.tsx";

const settings = [
  ...["replicas", "timeoutMs", "memoryMb", "auth", "env", "maxBodyBytes", "maxConcurrentRequests", "maxQueueWaitMs"],
  ...["record", "recordAlso", "recordFields", "recordDays", "recordMb", "collect", "corsOrigins"],
] as (keyof Settings)[];
const image = ["image", "requirements", "conda", "python", "sample", "accelerate"] as const;

/** The form of `service update`. What is left empty stays as it is; what would change is shown before it does. */
export function UpdateForm({ service, rollOut, onDone }: { service: Service; rollOut: RollOut; onDone: () => void }) {
  const plan = useChange("updateService");
  const queries = useQueryClient();
  const inputs = useMemo(() => inputsOf(service.models, service.settings), [service.models, service.settings]);
  const wanted = plan.variables;
  const start = (input: InputOf<"updateService">) => {
    plan.reset();
    rollOut.forget();
    rollOut.update.mutate({ ...input, dryRun: false });
    // it is in the history at once
    setTimeout(() => void queries.invalidateQueries({ queryKey: ["getServiceHistory"] }), 500);
    onDone();
  };
  return (
    <Section title={`Update ${service.name}`}>
      <Box maw="44rem">
        <OperationForm
          operation="updateService"
          given={{ name: service.name }}
          fields={["models", "reason"]}
          more={[...settings, ...image]}
          inputs={inputs}
          labels={{
            models: "Versions",
            timeoutMs: "Time limit, ms",
            auth: "Authentication",
            env: "Variables",
            accelerate: "Without Python",
          }}
          submit="Show what would change"
          pending={plan.isPending}
          error={plan.error}
          onSubmit={(input) => plan.mutate({ ...input, dryRun: true })}
        />
      </Box>
      {plan.data === undefined || wanted === undefined ? null : (
        <UpdatePlan
          service={service}
          differences={plan.data.differences}
          input={wanted}
          onClose={plan.reset}
          onStart={() => start(wanted)}
        />
      )}
    </Section>
  );
}

/** Inputs that show what holds now where nothing is given. */
function inputsOf(models: readonly string[], now: Settings) {
  const entries = settings.map((member) => {
    const value = now[member];
    const words =
      typeof value === "object"
        ? (Array.isArray(value) ? value : Object.keys(value)).join(", ") || "none"
        : String(value);
    const Input = (props: FieldInputProps) => {
      const { field } = props;
      const described = typeof value === "object" ? { description: `${field.description}. Now: ${words}` } : {};
      return <FieldInput {...props} field={{ ...field, fallback: value, ...described }} />;
    };
    return [member, Input] as const;
  });
  return {
    ...Object.fromEntries(entries),
    models: (props: FieldInputProps) => <VersionInput {...props} current={models} />,
  };
}
