import { useState } from "react";
import type { InputOf } from "../../../../src/contract/operations.ts";
import { type AnswerOf, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { FieldInput, type FieldInputProps } from "../../ui/form/field-input.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { Section } from "../../ui/section.tsx";
import { Outcome } from "./import-labels.tsx";
import { labelValue } from "./label-value.ts";

/** One label, told by hand. */
export function AddLabel({ service }: { service: string }) {
  const add = useChange("addLabels");
  const [told, setTold] = useState<AnswerOf<"addLabels">>();
  const may = useMay();
  if (!may("addLabels")) return null;
  return (
    <Section title="Add one label">
      <OperationForm
        operation="addLabels"
        given={{ service }}
        fields={["id", "value", "row"]}
        labels={{ id: "Request id", value: "True value" }}
        inputs={{ value: ValueInput }}
        submit="Add label"
        pending={add.isPending}
        error={add.error}
        onSubmit={(input: InputOf<"addLabels">) => add.mutate(input, { onSuccess: setTold })}
      />
      {told === undefined ? null : <Outcome outcome={told} />}
    </Section>
  );
}

/** A value as a file of labels would have it: what is written as a number is one. */
function ValueInput({ field, value, onChange, ...props }: FieldInputProps) {
  return (
    <FieldInput
      {...props}
      field={{ ...field, kind: "text", required: true, max: undefined }}
      value={value === undefined ? undefined : String(value)}
      onChange={(text) => onChange(typeof text === "string" ? labelValue(text) : undefined)}
    />
  );
}
