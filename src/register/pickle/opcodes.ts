/** What follows an opcode in the file; the names are those of CPython's pickletools. */
export type ArgumentKind =
  | "decimalnl_short"
  | "int4"
  | "uint1"
  | "uint2"
  | "decimalnl_long"
  | "long1"
  | "long4"
  | "stringnl"
  | "string4"
  | "string1"
  | "bytes4"
  | "bytes1"
  | "bytes8"
  | "bytearray8"
  | "none"
  | "unicodestringnl"
  | "unicodestring1"
  | "unicodestring4"
  | "unicodestring8"
  | "floatnl"
  | "float8"
  | "uint4"
  | "stringnl_noescape_pair"
  | "uint8"
  | "stringnl_noescape";

/** One opcode: its name in pickletools and what follows it. */
interface Opcode {
  readonly name: OpcodeName;
  readonly argument: ArgumentKind;
}

/** Every opcode of protocols 0 to 5. Source: CPython 3.11, Lib/pickletools.py. */
const table = {
  INT: [0x49, "decimalnl_short"],
  BININT: [0x4a, "int4"],
  BININT1: [0x4b, "uint1"],
  BININT2: [0x4d, "uint2"],
  LONG: [0x4c, "decimalnl_long"],
  LONG1: [0x8a, "long1"],
  LONG4: [0x8b, "long4"],
  STRING: [0x53, "stringnl"],
  BINSTRING: [0x54, "string4"],
  SHORT_BINSTRING: [0x55, "string1"],
  BINBYTES: [0x42, "bytes4"],
  SHORT_BINBYTES: [0x43, "bytes1"],
  BINBYTES8: [0x8e, "bytes8"],
  BYTEARRAY8: [0x96, "bytearray8"],
  NEXT_BUFFER: [0x97, "none"],
  READONLY_BUFFER: [0x98, "none"],
  NONE: [0x4e, "none"],
  NEWTRUE: [0x88, "none"],
  NEWFALSE: [0x89, "none"],
  UNICODE: [0x56, "unicodestringnl"],
  SHORT_BINUNICODE: [0x8c, "unicodestring1"],
  BINUNICODE: [0x58, "unicodestring4"],
  BINUNICODE8: [0x8d, "unicodestring8"],
  FLOAT: [0x46, "floatnl"],
  BINFLOAT: [0x47, "float8"],
  EMPTY_LIST: [0x5d, "none"],
  APPEND: [0x61, "none"],
  APPENDS: [0x65, "none"],
  LIST: [0x6c, "none"],
  EMPTY_TUPLE: [0x29, "none"],
  TUPLE: [0x74, "none"],
  TUPLE1: [0x85, "none"],
  TUPLE2: [0x86, "none"],
  TUPLE3: [0x87, "none"],
  EMPTY_DICT: [0x7d, "none"],
  DICT: [0x64, "none"],
  SETITEM: [0x73, "none"],
  SETITEMS: [0x75, "none"],
  EMPTY_SET: [0x8f, "none"],
  ADDITEMS: [0x90, "none"],
  FROZENSET: [0x91, "none"],
  POP: [0x30, "none"],
  DUP: [0x32, "none"],
  MARK: [0x28, "none"],
  POP_MARK: [0x31, "none"],
  GET: [0x67, "decimalnl_short"],
  BINGET: [0x68, "uint1"],
  LONG_BINGET: [0x6a, "uint4"],
  PUT: [0x70, "decimalnl_short"],
  BINPUT: [0x71, "uint1"],
  LONG_BINPUT: [0x72, "uint4"],
  MEMOIZE: [0x94, "none"],
  EXT1: [0x82, "uint1"],
  EXT2: [0x83, "uint2"],
  EXT4: [0x84, "int4"],
  GLOBAL: [0x63, "stringnl_noescape_pair"],
  STACK_GLOBAL: [0x93, "none"],
  REDUCE: [0x52, "none"],
  BUILD: [0x62, "none"],
  INST: [0x69, "stringnl_noescape_pair"],
  OBJ: [0x6f, "none"],
  NEWOBJ: [0x81, "none"],
  NEWOBJ_EX: [0x92, "none"],
  PROTO: [0x80, "uint1"],
  STOP: [0x2e, "none"],
  FRAME: [0x95, "uint8"],
  PERSID: [0x50, "stringnl_noescape"],
  BINPERSID: [0x51, "none"],
} as const satisfies Record<string, readonly [number, ArgumentKind]>;

export type OpcodeName = keyof typeof table;

/** The opcodes by their byte; a byte without an entry is no opcode. */
export const opcodes: readonly (Opcode | undefined)[] = (() => {
  const byByte = new Array<Opcode | undefined>(256).fill(undefined);
  for (const name of Object.keys(table) as OpcodeName[]) {
    const [byte, argument] = table[name];
    byByte[byte] = { name, argument };
  }
  return byByte;
})();
