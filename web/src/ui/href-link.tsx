import { Anchor, type AnchorProps } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";

/** A link to a page of this server whose address is known only when it is shown, such as that of what an event speaks of. */
export function HrefLink({ href, children, ...props }: AnchorProps & { href: string; children: ReactNode }) {
  const navigate = useNavigate();
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate({ href });
  };
  return (
    <Anchor {...props} href={href} onClick={onClick}>
      {children}
    </Anchor>
  );
}
