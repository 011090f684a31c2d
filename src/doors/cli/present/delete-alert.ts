import type { Presenter } from "./presenter.ts";

export const deleteAlert: Presenter<"deleteAlert"> = ({ name }) => ({ talk: `Alert ${name} deleted` });
