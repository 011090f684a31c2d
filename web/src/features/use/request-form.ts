import { useState } from "react";
import type { SpokenLanguage } from "../../../../src/contract/host.ts";
import type { Manifest } from "../../../../src/contract/image.ts";
import { columnsOf, namesOf } from "./columns.ts";
import { bodyOf, type Method } from "./request-body.ts";
import { type Cell, type Column, cellOf, readRows, rowsOfBody, textOfCell } from "./rows.ts";

/** Above that many columns rows are pasted, not typed. */
const mostFields = 40;

export const ways = ["fields", "rows", "raw"] as const;
export type Way = (typeof ways)[number];

export interface RequestForm {
  columns: Column[] | null;
  /** In which ways a request can be written. */
  offered: readonly Way[];
  way: Way;
  setWay: (way: Way) => void;
  cells: string[];
  setCell: (place: number, text: string) => void;
  rowsText: string;
  setRowsText: (text: string) => void;
  method: Method;
  setMethod: (method: Method) => void;
  /** The request's body as it would be sent, or what is wrong with what was filled in. */
  body: { text: string; problem: null } | { text: null; problem: string };
  setRaw: (text: string | null) => void;
}

/** A request to a service as it is filled in, beginning with the sample of its image. */
export function useRequestForm(manifest: Manifest, language: SpokenLanguage): RequestForm {
  const columns = columnsOf(manifest);
  const sample = rowsOfBody(manifest.sample);
  const isTyped = columns !== null && columns.length > 0 && columns.length <= mostFields;
  const offered: Way[] = columns === null ? ["raw"] : isTyped ? ["fields", "rows", "raw"] : ["rows", "raw"];
  const [way, setWay] = useState<Way>(offered[0] ?? "raw");
  const [cells, setCells] = useState(() =>
    (columns ?? []).map((column, place) => firstText(column, sample?.[0]?.[place])),
  );
  const [rowsText, setRowsText] = useState(sample === undefined ? "" : rowsAsText(sample));
  const [method, setMethod] = useState<Method>("predict");
  const [raw, setRaw] = useState<string | null>(null);
  const rows = (): Cell[][] =>
    isTyped && way !== "rows"
      ? [cells.map((text, place) => cellOf(text, columns[place]?.type ?? null))]
      : readRows(rowsText, columns ?? []);
  const body = (): RequestForm["body"] => {
    if (way === "raw" && raw !== null) return { text: raw, problem: null };
    if (columns === null) return { text: language === "azure" ? (manifest.sample ?? "") : "", problem: null };
    try {
      return { text: bodyOf(language, rows(), namesOf(manifest), method), problem: null };
    } catch (error) {
      return { text: null, problem: (error as Error).message };
    }
  };
  return {
    ...{ columns, offered, way, setWay, cells, rowsText, setRowsText, method, setMethod, setRaw },
    setCell: (place, text) => setCells((old) => old.map((cell, index) => (index === place ? text : cell))),
    body: body(),
  };
}

const firstText = ({ only }: Column, cell: Cell | undefined): string =>
  cell === undefined && only !== null ? textOfCell(only[0]) : textOfCell(cell);

/** One row a line, and still JSON. */
const rowsAsText = (rows: readonly Cell[][]): string => `[${rows.map((row) => JSON.stringify(row)).join(",\n ")}]`;
