import type { Words } from "./filled.ts";

const clip = (text: string, most = Number.POSITIVE_INFINITY): string => {
  let clipped = "";
  // by whole letters: a half of an emoji is no text
  for (const letter of text) {
    if (clipped.length + letter.length > most) break;
    clipped += letter;
  }
  return clipped;
};

const scripts = [
  "نموذج-التنبؤ‮بالمخاطر‬",
  "👩🏽‍🔬🧪👨‍👩‍👧‍👦🏳️‍🌈",
  "ṽ̴̛͔e̷r͓̽s̶̱̈́ḯ̸̙ȯ̶͉n̷̼̓",
  "a\u200bb\u200cc\u200dd\ufeffe",
  "予測モデル漢字かな交じり文",
  "שלום-עולם",
  "Donaudampfschifffahrtsgesellschaftskapitän",
];

/** Words of every script, without a place to break, as long as a field takes, up to 200 letters. */
export const longWords: Words = (field, most = 200) => {
  const long = Math.min(most, 200);
  const script = scripts[[...field].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % scripts.length] ?? "";
  return clip(`${field.replaceAll(" ", "-")}-${script.repeat(200)}`, long);
};
