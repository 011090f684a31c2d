import { Anchor } from "@mantine/core";

/** An address that somebody wrote down. It is a link when it is one of the web; anything else, such as `javascript:`, stays text. */
export function OuterLink({ href, children = href }: { href: string; children?: string }) {
  return /^https?:\/\//i.test(href) ? (
    <Anchor href={href} inherit rel="noopener noreferrer nofollow" target="_blank">
      {children}
    </Anchor>
  ) : (
    children
  );
}
