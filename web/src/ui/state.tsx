import { Badge } from "@mantine/core";

/** A state as a word with a colour; the word alone says all. */
export function State({ word, color = "gray" }: { word: string; color?: string }) {
  return (
    <Badge variant="light" color={color} tt="none" radius="sm" style={{ maxWidth: "100%" }} title={word}>
      {word}
    </Badge>
  );
}
