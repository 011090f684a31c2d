import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServer } from "../server.ts";
import { inChromium, useBrowser } from "./browser.ts";
import { type Filled, startFilled, type Words } from "./filled.ts";
import { filledPages, notVisited } from "./pages.ts";

const run = "window.__ran=1";
/** Each of them would run, in a page that takes text for HTML, or an address of a text for a link; `data-injected` marks what it makes. */
const attempts = [
  `<img src=x onerror="${run}" data-injected>`,
  `"><svg onload="${run}" data-injected>`,
  `'><script data-injected>${run}</script>`,
  `</script><script data-injected>${run}</script>`,
  `</title></style></textarea><iframe srcdoc="<script>parent.__ran=1</script>" data-injected></iframe>`,
  `javascript:${run}`,
  `java\tscript:${run}`,
  `data:text/html,<script>${run}</script>`,
  `{{constructor.constructor('${run}')()}}\${${run}}`,
  `<a href="javascript:${run}" data-injected autofocus onfocus="${run}">a</a>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${run}" data-injected>`,
];
const markdown = `# A model <img src=x onerror="${run}" data-injected>

[link](javascript:${run}) [link](JaVaScRiPt:${run}) [link](&#106;avascript:${run}) [link](data:text/html;base64,PHNjcmlwdD4=)
[link](vbscript:x) <javascript:${run}> [ref]

![picture](data:image/svg+xml,<svg onload="${run}">) ![picture](https://elsewhere.example/spy.png) ![p](javascript:${run})

[ref]: javascript:${run} "title' onmouseover='${run}"

${attempts.join("\n\n")}

<details open ontoggle="${run}" data-injected><summary>more</summary></details>

\`\`\`html
<script data-injected>${run}</script>
\`\`\`
`;

/** Every field gets another attempt, and each attempt comes to many fields; as long a one as the field takes. */
const hostile: Words = (field, most = 10_000) => {
  if (field.endsWith("description")) return markdown.slice(0, most);
  const first = [...field].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  // what a page may make a link of
  const isAddress = /link|remote|source|server/.test(field);
  const fitting = attempts.filter((attempt) => attempt.length <= most && (!isAddress || /^(java|data)/.test(attempt)));
  return fitting[first % fitting.length] ?? "<img src=x onerror=alert(1)>".slice(0, most);
};

/** What only an attempt could have put into a page. */
const injected = `[...document.querySelectorAll("*")].flatMap((element) => [
  ...(element.hasAttribute("data-injected") ? ["element " + element.outerHTML.slice(0, 200)] : []),
  ...(["IFRAME", "OBJECT", "EMBED", "BASE", "MATH"].includes(element.tagName) ? ["element " + element.tagName] : []),
  ...[...element.attributes].flatMap(({ name, value }) =>
    name.startsWith("on") || (["href", "src", "xlink:href", "action", "formaction", "srcdoc"].includes(name)
      && !/^(https?:|mailto:|[/#]|$)/i.test(value) && !/^data:image\\/(svg|png)/.test(value)) ? [name + "=" + value.slice(0, 100)] : []),
  ...(element.tagName === "IMG" && new URL(element.src).origin !== location.origin ? ["picture " + element.src] : []),
]).concat(window.__ran === undefined ? [] : ["a script ran"])`;

/** Every page is loaded once, whatever else the machine does. */
const longMs = 600_000;

inChromium("text that others wrote", () => {
  let server: TestServer;
  let filled: Filled;
  const browser = useBrowser();
  beforeAll(async () => {
    ({ server, filled } = await startFilled(hostile));
  });
  afterAll(() => server?.remove());

  test("none of it runs, makes an element or asks another server, on any page", { timeout: longMs }, async () => {
    const page = await browser.open(server);
    const asked = new Set<string>();
    page.on("request", (request) => asked.add(new URL(request.url()).origin));
    page.on("dialog", (dialog) => dialog.dismiss());
    for (const address of filledPages(filled)) {
      await page.visit(address);
      expect({ address, injected: await page.evaluate(injected) }).toEqual({ address, injected: [] });
    }
    expect([...asked]).toEqual([new URL(server.url).origin]);
    expect(notVisited(filledPages(filled))).toEqual([]);
  });
});
