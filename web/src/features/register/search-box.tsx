import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

const pauseMs = 200;

/** Where models are searched. What was typed is told after a pause, so that not every letter is a request. */
export function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // what was told here comes back later; by then more may have been typed
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  const tell = useDebouncedCallback((text: string) => {
    told.current = text;
    onChange(text);
  }, pauseMs);
  return (
    <TextInput
      type="search"
      label="Search models"
      description="Words of a name, or a filter such as tags.team = 'vision' AND live = 'true'"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      maxLength={10_000}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
