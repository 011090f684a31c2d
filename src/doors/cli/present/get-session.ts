import type { Presenter } from "./presenter.ts";

export const getSession: Presenter<"getSession"> = ({ name, role }) => ({ data: `${name} (${role})` });
