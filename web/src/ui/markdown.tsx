import { Text, Typography } from "@mantine/core";
import { lazy, Suspense } from "react";

const Rendered = lazy(() => import("react-markdown"));

/**
 * Markdown that somebody wrote into a description. It becomes React elements and never HTML: tags in it are text, addresses other than web
 * and mail ones are dropped, and pictures, which would tell their server who reads, are links.
 */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Text style={{ whiteSpace: "pre-wrap" }}>{text}</Text>}>
      <Typography>
        <Rendered
          components={{
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
