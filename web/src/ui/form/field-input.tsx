import { Checkbox, NativeSelect, NumberInput, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { Field } from "../../../../src/contract/field.ts";
import { PairsInput } from "./pairs-input.tsx";

export interface FieldInputProps {
  field: Field;
  label: string;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}

/** The input of one field of a form; an empty one gives undefined, so that the server's default holds. */
export function FieldInput({ field, label, value, error, onChange }: FieldInputProps) {
  const common = { label, description: field.description, error, required: field.required };
  const placeholder = typeof field.fallback === "object" ? undefined : textOf(field.fallback);
  switch (field.kind) {
    case "boolean":
      return (
        <Checkbox
          label={label}
          description={field.description}
          error={error}
          checked={(value ?? field.fallback) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...common}
          data={["", ...field.choices].map((choice) => ({
            value: choice,
            label: choice === "" ? (placeholder ?? (field.required ? "Choose one" : "–")) : choice,
            disabled: choice === "" && field.required,
          }))}
          value={textOf(value) ?? ""}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          placeholder={placeholder}
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max === undefined ? {} : { max: field.max })}
          value={typeof value === "number" ? value : ""}
          onChange={(given) => onChange(given === "" ? undefined : given)}
        />
      );
    case "list":
      return <TagsInput {...common} value={(value as string[] | undefined) ?? []} onChange={onChange} />;
    case "pairs":
      return <PairsInput {...common} value={(value as Record<string, string> | undefined) ?? {}} onChange={onChange} />;
    case "text": {
      const Input = (field.max ?? 0) > 500 ? Textarea : TextInput;
      return (
        <Input
          {...common}
          placeholder={placeholder}
          value={textOf(value) ?? ""}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
          {...((field.max ?? 0) > 500 ? { autosize: true, minRows: 2, maxRows: 12 } : {})}
        />
      );
    }
  }
}

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);
