import type { AnchorProps } from "@mantine/core";
import { TextLink } from "./links.tsx";

/** A version, `name:version`, as the link to its page; a service elsewhere tells no model. */
export function VersionLink({ reference, ...props }: { reference: string } & AnchorProps) {
  if (reference === "") return "–";
  const cut = reference.lastIndexOf(":");
  const [name, version] = cut < 0 ? [reference, ""] : [reference.slice(0, cut), reference.slice(cut + 1)];
  return version === "" ? (
    <TextLink {...props} to="/register/models/$name" params={{ name }}>
      {reference}
    </TextLink>
  ) : (
    <TextLink {...props} to="/register/models/$name/$version" params={{ name, version }}>
      {reference}
    </TextLink>
  );
}
