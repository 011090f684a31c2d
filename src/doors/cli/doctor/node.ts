import { type Check, good, missing } from "./check.ts";

/** Node ≥ 20.19. */
export const node: Check = {
  name: "node",
  check: async () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const found = `Node ${process.versions.node}`;
    return major > 20 || (major === 20 && minor >= 19)
      ? good(found)
      : missing(found, "Install Node 20.19 or newer: https://nodejs.org/en/download");
  },
};
