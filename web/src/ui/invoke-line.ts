import { shellWord } from "./shell-word.ts";

/** The command that sends a service a request of one's own. */
export const invokeLine = (service = "NAME"): string => `modelyard service invoke ${shellWord(service)} --data BODY`;
