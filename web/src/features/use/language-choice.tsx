import { NativeSelect } from "@mantine/core";
import type { SpokenLanguage } from "../../../../src/contract/host.ts";

const languages = [
  { value: "azure", label: "Azure scoring" },
  { value: "inference", label: "Open Inference Protocol V2" },
  { value: "mlflow", label: "MLflow invocations" },
];

/** In which language a request is written. */
export function LanguageChoice({
  language,
  onLanguage,
}: {
  language: SpokenLanguage;
  onLanguage: (language: SpokenLanguage) => void;
}) {
  return (
    <NativeSelect
      label="Request language"
      data={languages}
      value={language}
      onChange={({ currentTarget: { value } }) => onLanguage(value as SpokenLanguage)}
    />
  );
}
