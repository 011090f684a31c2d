/** The nonce under which this page's content security policy lets its own code add style sheets. */
export const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
