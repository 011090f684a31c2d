import { Fieldset, Stack, TextInput } from "@mantine/core";
import type { FieldInputProps } from "../../ui/form/field-input.tsx";

const members = [
  ["url", "Address", "http://127.0.0.1:8000"],
  ["health", "Health path", "/health"],
  ["score", "Scoring path", "/score"],
] as const;

/** A server that runs already and answers for the service. One that is started for each replica is named on the command line. */
export function UpstreamInput({ field, label, value, error, onChange }: FieldInputProps) {
  const given = (value ?? {}) as Record<string, string>;
  return (
    <Fieldset legend={label}>
      <Stack gap="xs">
        {members.map(([member, name, placeholder], place) => (
          <TextInput
            key={member}
            label={name}
            description={place === 0 ? field.description : undefined}
            placeholder={placeholder}
            value={given[member] ?? ""}
            error={place === 0 ? error : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            onChange={({ currentTarget: { value } }) => {
              const { [member]: _, ...others } = given;
              const next = value === "" ? others : { ...others, [member]: value };
              onChange(Object.keys(next).length === 0 ? undefined : next);
            }}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}
