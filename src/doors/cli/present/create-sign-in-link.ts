import type { Presenter } from "./presenter.ts";

export const createSignInLink: Presenter<"createSignInLink"> = ({ url }) => ({
  data: url,
  talk: "It works once, within a minute. `modelyard open` opens it in a browser.",
});
