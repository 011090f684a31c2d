/**
 * What a text of a CSV cell or of a command line stands for: a number when it is written as one (7, -0.5, 1e-3; 007 stays text),
 * true or false, else the text.
 */
export function textValue(text: string): number | boolean | string {
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  return text;
}
