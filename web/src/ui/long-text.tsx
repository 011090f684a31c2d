import { Button, Code, Stack } from "@mantine/core";
import { useState } from "react";
import { bytesText } from "./numbers.ts";

/** So much of a text is shown at first. */
const shown = 4_000;

/** A text of any length as it is; of a long one the beginning, and the rest when asked for. */
export function LongText({ text, label }: { text: string; label: string }) {
  const [isWhole, setWhole] = useState(false);
  const isCut = !isWhole && text.length > shown;
  return (
    <Stack gap="xs">
      <Code
        block
        tabIndex={0}
        role="group"
        aria-label={label}
        style={{ maxHeight: "28rem", overflow: "auto", whiteSpace: "pre-wrap" }}
      >
        {text === "" ? "(empty)" : isCut ? `${text.slice(0, shown)} …` : text}
      </Code>
      {isCut ? (
        <Button variant="default" size="xs" w="fit-content" onClick={() => setWhole(true)}>
          Show all {bytesText(text.length)}
        </Button>
      ) : null}
    </Stack>
  );
}
