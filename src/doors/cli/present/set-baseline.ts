import { leftOutText } from "./left-out.ts";
import type { Presenter } from "./presenter.ts";

export const setBaseline: Presenter<"setBaseline"> = ({ inputs, predictions, leftOut }, { input }) => {
  const sides = Object.entries({ inputs, predictions }).flatMap(([side, baseline]) =>
    baseline === null
      ? []
      : [`${side}: ${baseline.rows} rows, ${baseline.columns} columns${weightText(baseline.importance)}`],
  );
  const left = leftOutText({
    ...{ columns: leftOut, of: `service ${input.service}` },
    ...{ file: input.file, targetFlag: "--target" },
  });
  return {
    data: [`Baseline of ${input.service}: ${sides.join("; ")}`, ...left].join("\n"),
    talk: `Compare with it: modelyard drift show ${input.service}`,
  };
};

function weightText(importance: Record<string, number>): string {
  const count = Object.keys(importance).length;
  return count === 0 ? "" : `, ${count} of them weighed`;
}
