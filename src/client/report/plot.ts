import { html, type Markup } from "./markup.ts";

export interface Line {
  name: string;
  /** Class of the style sheet that colours it. */
  colour: string;
  values: readonly (number | null)[];
}

export interface Plot {
  title: string;
  unit: string;
  /** When each value begins, epoch ms. */
  times: readonly number[];
  lines: readonly Line[];
  /** Bars from 0, each line in front of the ones before; else lines with gaps where nothing is known. */
  bars: boolean;
}

const size = { width: 960, height: 200, left: 56, right: 12, top: 12, bottom: 24 };
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };

/** A plot as inline SVG: no script, and a text for each bar or point where a pointer rests. */
export function plot({ title, unit, times, lines, bars }: Plot): Markup {
  const top = niceTop(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (place: number) => round(size.left + (place / Math.max(1, times.length)) * inner.width);
  const y = (value: number) => round(size.top + (1 - value / top) * inner.height);
  const width = round(Math.max(0.5, (inner.width / Math.max(1, times.length)) * 0.9));
  const shapes = lines.map(({ name, colour, values }) =>
    bars
      ? html`<g class="bar ${colour}">${values.map((value, place) => bar(value ?? 0, { x: x(place), y: y(value ?? 0), width }, `${name}: ${label(value)} ${unit}, ${timeLabel(times[place])}`))}</g>`
      : html`<g class="line ${colour}"><path d="${pathOf(values, (place) => x(place + 0.5), y)}"/>${values.map((value, place) => point(value, x(place + 0.5), y(value ?? 0), `${name}: ${label(value)} ${unit}, ${timeLabel(times[place])}`))}</g>`,
  );
  return html`<figure>
<figcaption>${title} ${lines.map(({ name, colour }) => html`<span class="key ${colour}">${name}</span> `)}</figcaption>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">
${[0, 0.5, 1].map((part) => grid(y(part * top), `${label(part * top)}${part === 1 && unit !== "" ? ` ${unit}` : ""}`))}
${timeMarks(times, x)}
${shapes}
</svg>
</figure>`;
}

const bar = (value: number, at: { x: number; y: number; width: number }, text: string): Markup =>
  value === 0
    ? html``
    : html`<rect x="${at.x}" y="${at.y}" width="${at.width}" height="${round(size.top + inner.height - at.y)}"><title>${text}</title></rect>`;

const point = (value: number | null, x: number, y: number, text: string): Markup =>
  value === null ? html`` : html`<circle cx="${x}" cy="${y}" r="2"><title>${text}</title></circle>`;

/** Moves over gaps and draws between neighbours. */
function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, place) =>
      value === null ? "" : `${place === 0 || values[place - 1] === null ? "M" : "L"}${x(place)} ${y(value)}`,
    )
    .join("");
}

const grid = (y: number, text: string): Markup =>
  html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y}" y2="${y}"/><text class="axis" x="${size.left - 6}" y="${y + 4}" text-anchor="end">${text}</text>`;

function timeMarks(times: readonly number[], x: (place: number) => number): Markup[] {
  const every = Math.max(1, Math.ceil(times.length / 6));
  return times
    .map((at, place) => ({ at, place }))
    .filter(({ place }) => place % every === 0)
    .map(({ at, place }) => html`<text class="axis" x="${x(place)}" y="${size.height - 6}">${timeLabel(at)}</text>`);
}

/** `11-24 16:00`, UTC. */
const timeLabel = (at: number | undefined): string =>
  at === undefined ? "" : new Date(at).toISOString().slice(5, 16).replace("T", " ");

const label = (value: number | null): string => (value === null ? "no data" : String(Number(value.toPrecision(3))));
const round = (value: number): number => Math.round(value * 10) / 10;

/** The next of 1, 2, 5, 10, … above a value. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
