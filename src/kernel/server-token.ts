import { newSecret } from "./ids.ts";

const kind = "my";

export const newServerToken = (): string => newSecret(kind);

/** Whether a text has the form of a token of the server; whether it is valid only the server knows. */
export const isServerToken = (text: string): boolean => text.startsWith(`${kind}_`);
