import type { Presenter } from "./presenter.ts";

export const restoreVersion: Presenter<"restoreVersion"> = ({ reference }) => ({ data: `Restored ${reference}` });
