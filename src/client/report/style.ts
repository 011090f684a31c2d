import type { Markup } from "./markup.ts";

/** Follows the reader's light or dark scheme. */
export const pageStyle: Markup = {
  markup: `
:root { color-scheme: light dark; --text: #1b1f24; --soft: #667080; --line: #d9dee5; --card: #f5f7f9; --page: #fff; --blue: #2f6fde; --orange: #d9822b; --red: #c93a3a }
@media (prefers-color-scheme: dark) { :root { --text: #e5e9ee; --soft: #98a2b0; --line: #333b45; --card: #1d2229; --page: #14181d; --blue: #6ea2ff; --orange: #f0a657; --red: #ff7b72 } }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 64px }
h1 { margin: 0; font-size: 26px } h2 { margin: 32px 0 8px; font-size: 17px } header p { margin: 4px 0 20px; color: var(--soft) }
section { overflow-wrap: anywhere }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 8px }
.tile { background: var(--card); border-radius: 8px; padding: 10px 14px } .tile strong { display: block; font-size: 19px; font-weight: 600 } .tile span { color: var(--soft) }
.bad strong { color: var(--red) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 600; color: var(--soft) } th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top } td { overflow-wrap: break-word; max-width: 24em } th { white-space: nowrap }
figure { margin: 28px 0 0 } figcaption { font-weight: 600; margin-bottom: 4px } .key { font-weight: 400; color: var(--soft); margin-left: 12px }
.key::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; background: currentcolor }
svg { width: 100%; height: auto; display: block } .grid { stroke: var(--line) } .axis { fill: var(--soft); font-size: 11px }
.key.blue::before { background: var(--blue) } .key.orange::before { background: var(--orange) } .key.red::before { background: var(--red) }
.bar.blue, .line.blue circle { fill: var(--blue) } .bar.red, .line.red circle { fill: var(--red) } .line.orange circle { fill: var(--orange) }
.line path { fill: none; stroke-width: 1.5 } .line.blue path { stroke: var(--blue) } .line.orange path { stroke: var(--orange) } .line.red path { stroke: var(--red) }
@media print { main { max-width: none } section { break-inside: avoid } }
`,
};
