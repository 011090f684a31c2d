import { Text, Title, Typography } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { loadPart } from "./load-part.ts";

/** Headings stand below those of the page and of its section. */
const lower = (order: 3 | 4 | 5 | 6) =>
  function Lower({ children }: { children?: ReactNode }) {
    return <Title order={order}>{children}</Title>;
  };
const headings = { h1: lower(3), h2: lower(4), h3: lower(5), h4: lower(6), h5: lower(6), h6: lower(6) };

const Rendered = lazy(() => loadPart(() => import("react-markdown")));

/**
 * Markdown that somebody wrote into a description. It becomes React elements and never HTML: tags in it are text, addresses other than web
 * and mail ones are dropped, and pictures, which would tell their server who reads, are links.
 */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Text style={{ whiteSpace: "pre-wrap" }}>{text}</Text>}>
      <Typography fz="sm">
        <Rendered
          components={{
            ...headings,
            a: ({ href, children }) => (
              <a href={href} rel="noopener noreferrer nofollow" target="_blank">
                {children}
              </a>
            ),
            img: ({ src, alt }) => (
              <a href={String(src)} rel="noopener noreferrer nofollow" target="_blank">
                {alt || "picture"}
              </a>
            ),
          }}
        >
          {text}
        </Rendered>
      </Typography>
    </Suspense>
  );
}
