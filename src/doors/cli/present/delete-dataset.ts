import type { Presenter } from "./presenter.ts";

export const deleteDataset: Presenter<"deleteDataset"> = ({ reference }) => ({ data: `Deleted ${reference}` });
