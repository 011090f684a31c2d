const adjectives =
  "able amber bold brave brisk calm clear clever cosmic crisp eager early fair fleet gentle golden grand happy honest keen kind lively lucky merry mild noble polite proud quick quiet rapid rare".split(
    " ",
  );
const nouns =
  "ant bear bee bird cat cod crab crane crow deer dove duck eel elk finch fish fox goat hare hawk hen ibis kite lark lynx mole moth newt owl ram seal swan".split(
    " ",
  );

/** A name for a run that was given none, made of its id: adjective-noun-number. */
export function runName(id: string): string {
  const bits = Number.parseInt(id.slice(-10), 16);
  const adjective = adjectives[bits % adjectives.length];
  const noun = nouns[Math.floor(bits / 32) % nouns.length];
  return `${adjective}-${noun}-${Math.floor(bits / 1024) % 1000}`;
}
