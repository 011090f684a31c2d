import { type ChatText, chatText } from "./chat-text.ts";

/**
 * An event as a Slack incoming webhook takes it (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). The blocks are
 * plain text, so that no name can mention people or make links; the text for notifications is escaped as Slack asks for.
 */
export function slackPayload(event: Parameters<typeof chatText>[0]): Record<string, unknown> {
  const { title, lines, tone } = chatText(event);
  const shown = `${signs[tone]}${title}`;
  const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
  return {
    text: escaped([shown, ...lines.slice(0, 1)].join(" – ")),
    blocks: [
      { type: "header", text: plain(shown.slice(0, 150)) },
      ...(lines.length === 0 ? [] : [{ type: "section", text: plain(lines.join("\n").slice(0, 3000)) }]),
    ],
  };
}

const signs: Record<ChatText["tone"], string> = { attention: "🔴 ", good: "🟢 ", default: "" };

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
