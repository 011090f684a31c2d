/** Texts in the layout of BYTES: u32 little-endian length, then UTF-8. */
export const textBytes = (texts: readonly string[]): Buffer =>
  Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
