/** The nonce under which this page's content security policy lets its own code add style sheets. */
export const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

// where react-remove-scroll, which dialogs use, looks for it
Object.assign(globalThis, { __webpack_nonce__: nonce });
