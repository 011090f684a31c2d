import type { Presenter } from "./presenter.ts";

export const setBaseline: Presenter<"setBaseline"> = ({ inputs, predictions }, { input }) => {
  const sides = Object.entries({ inputs, predictions }).flatMap(([side, baseline]) =>
    baseline === null ? [] : [`${side}: ${baseline.rows} rows, ${baseline.columns} columns`],
  );
  return {
    data: `Baseline of ${input.service}: ${sides.join("; ")}`,
    talk: `Compare with it: modelyard drift show ${input.service}`,
  };
};
