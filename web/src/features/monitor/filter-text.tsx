import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";

/** A text to filter by. It is told half a second after the last key, or at once with Enter; what is no such text is not told. */
export function FilterText({
  label,
  value,
  placeholder,
  pattern,
  problem,
  onChange,
  maxLength,
  width = "11rem",
}: {
  label: string;
  value: string | undefined;
  placeholder?: string;
  pattern?: RegExp;
  /** What is said of a text that does not fit the pattern. */
  problem?: string;
  onChange: (value: string | undefined) => void;
  maxLength?: number;
  width?: string;
}) {
  const [text, setText] = useState(value ?? "");
  useEffect(() => setText(value ?? ""), [value]);
  const fits = text === "" || pattern === undefined || pattern.test(text);
  const tell = (given: string) => {
    const isSame = given === (value ?? "");
    if (!isSame && (given === "" || pattern === undefined || pattern.test(given))) onChange(given || undefined);
  };
  const tellSoon = useDebouncedCallback(tell, 500);
  return (
    <TextInput
      label={label}
      size="xs"
      w={width}
      {...(maxLength === undefined ? {} : { maxLength })}
      value={text}
      placeholder={placeholder ?? ""}
      error={fits ? undefined : problem}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tellSoon(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") tell(text.trim());
      }}
    />
  );
}
