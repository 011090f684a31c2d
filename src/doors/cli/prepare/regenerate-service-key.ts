import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";

const isKey = (text: unknown): boolean => text === "primary" || text === "secondary";

/** `primary NAME` and `NAME primary` mean the same. */
export const regenerateServiceKey: Preparation<"regenerateServiceKey"> = {
  hidden: ["key", "name"], // checked by the server: either order is right here
  arguments: [
    { name: "key", description: "primary or secondary" },
    { name: "name", description: "Name of the service" },
  ],
  input: ({ key, name }) =>
    (!isKey(key) && isKey(name) ? { key: name, name: key } : { key, name }) as InputOf<"regenerateServiceKey">,
};
