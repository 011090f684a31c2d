import { chatText } from "./chat-text.ts";

/**
 * An event as a Teams workflow "when a Teams webhook request is received" takes it: a message with one Adaptive Card
 * (https://adaptivecards.io/explorer). Runs of a RichTextBlock are not read as Markdown, so that no name can make links.
 */
export function teamsPayload(event: Parameters<typeof chatText>[0]): Record<string, unknown> {
  const { title, lines, tone } = chatText(event);
  const block = (run: object) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", ...run }] });
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      block({ text: title, size: "Large", weight: "Bolder", color: tone }),
      ...lines.map((text) => block({ text })),
    ],
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}
