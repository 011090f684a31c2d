/** Headers of every answer: what browsers may do with it. */
export const answerHeaders = {
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Where browsers report what a policy kept from happening. */
export const reportPath = "/csp-reports";

/**
 * Headers of a page. Nothing but this server's own files is loaded, run or asked, and no other page may frame it; `nonce` is that of
 * the styles of one answer. Forms are sent by scripts, so form-action is none.
 */
export function pageHeaders(nonce?: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    ...(nonce === undefined ? [] : ["script-src 'self'"]),
    `style-src 'self'${nonce === undefined ? "" : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    ...(nonce === undefined ? [] : ["connect-src 'self'", "font-src 'self'"]),
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `report-uri ${reportPath}`,
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  };
}
