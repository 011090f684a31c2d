import { Command } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import { operations } from "../../../contract/operations.ts";
import { writeFileAtomic } from "../../../kernel/files.ts";
import { connect } from "../connect.ts";
import type { Defined } from "../operation-command.ts";
import { homePaths } from "../settings.ts";
import { print, printJson, type Tools, talk } from "../tools.ts";

/** `open`: the web pages in a browser that is signed in. */
export function openCommand(): Defined {
  return {
    command: new Command("open")
      .description("Open the web pages, signed in")
      .argument("[page]", "Page to show, such as /monitor")
      .option("--no-browser", "Only print the address"),
    run: async ({ page, browser }, tools) => {
      const to = page === undefined ? undefined : readPage(String(page));
      const { client, url: server } = await connect(tools);
      const link = await client.createSignInLink({ to }, { signal: tools.system.signal });
      // the server may be known here by another name than its own
      const url = `${server}/sign-in${new URL(link.url).hash}`;
      const opened = browser === true && (await openInBrowser(url, tools));
      if (tools.json) printJson(tools, { url, expiresAt: link.expiresAt, opened });
      else {
        print(tools, url);
        talk(tools, opened ? "Opening the browser …" : "Open it in a browser: it works once, within a minute");
      }
      return 0;
    },
  };
}

/** Throws invalid-input. */
function readPage(text: string): string {
  const page = /^[\w-]+(\/|$)/.test(text) ? `/${text}` : text;
  const parsed = operations.createSignInLink.input.safeParse({ to: page });
  if (!parsed.success)
    throw new ModelyardError("invalid-input", { problems: `page: ${parsed.error.issues[0]?.message}` });
  return page;
}

/** Hands the browser a file that leads on: other users of this machine can read the command lines of programs, but not the file. */
async function openInBrowser(url: string, { settings, system }: Tools): Promise<boolean> {
  const file = homePaths(settings.home).openPage;
  const address = url.replaceAll("&", "&amp;");
  const html = `<!doctype html><meta charset="utf-8"><title>Modelyard</title><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}"><a href="${address}">Modelyard</a>\n`;
  await writeFileAtomic(file, html);
  return system.openFile(file);
}
