/**
 * The signs of the bytes 0x80 to 0x9f in windows-1252, which the TextDecoder of Node 20 takes for those of latin-1; U+FFFD where there is none.
 */
export const WINDOWS_1252 =
  '\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd' +
  '\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178'
